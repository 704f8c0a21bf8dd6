"""Alerts by rule (预警): the table `supervision_alerts` judges each changed fact and each unit's month, once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL
from app.kernel.db import alone, is_sqlite, session, table
from app.kernel.errors import Invalid, NotFound
from app.notify import operations as notify
from app.supervision.models import OrderFact, PeriodCount, SupervisionAlert
from app.supervision.operations.folding import TOPIC
from app.supervision.queries.lines import line_in_charge, lines
from app.supervision.queries.words import words
from app.workorders.models import WorkOrder
from app.workorders.operations.escalation import holders

TABLE = "supervision_alerts"
BATCH = 100
LONGEST = 500
NOTHING: Mapping[str, Any] = {
    "subject": "order",
    "category": "",
    "limit_state": "none",
    "calls": 0,
    "grade": "",
    "importance": "none",
    "media": False,
    "returned": 0,
    "dispatched": 0,
    "return_rate": 0,
}


class AlertNotFound(NotFound):
    code = "alert_not_found"


class NoteMissing(Invalid):
    code = "alert_note_missing"


def judge_orders(now: datetime, *, limit: int = BATCH) -> int:
    """Judge facts that changed in what the rules ask; returns how many were judged."""
    alone("supervision.alerts")
    query = (
        sa.select(OrderFact, WorkOrder)
        .join(WorkOrder, WorkOrder.id == OrderFact.order_id)
        .where(sa.text("supervision_fact.judged = 0"))
        .order_by(OrderFact.order_id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    for fact, order in rows:
        fact.judged = 1
        if not fact.closed:
            _raise(_of_order(fact), str(order.id), order.unit_code, order.unit_path, order=order, now=now)
    session.flush()
    return len(rows)


def judge_units(now: datetime) -> int:
    """Judge this month of every unit; returns how many alerts were raised."""
    month = now.astimezone(LOCAL).date().replace(day=1)
    sums = sa.func.sum(PeriodCount.returned), sa.func.sum(PeriodCount.dispatched)
    query = (
        sa.select(PeriodCount.unit_code, *sums)
        .where(PeriodCount.grain == "m", PeriodCount.day == month)
        .group_by(PeriodCount.unit_code)
        .having(sums[0] > 0)
    )
    found = session.execute(query).all()
    units = people.units_by_code([row[0] for row in found], at=now)
    raised = 0
    for code, returned, dispatched in found:
        facts = {"subject": "unit", "returned": int(returned), "dispatched": int(dispatched)}
        facts["return_rate"] = round(100 * int(returned) / int(dispatched), 2) if dispatched else 0
        unit = units.get(code)
        if unit is not None:
            raised += _raise({**NOTHING, **facts}, f"{code}:{month:%Y-%m}", code, unit.path, order=None, now=now)
    return raised


def acknowledge(alert_id: int, *, note: str, actor: Actor, now: datetime) -> None:
    """Say what is done about an alert; raises `AlertNotFound`, `Forbidden`, `NoteMissing`. The first note stays."""
    row = session.get(SupervisionAlert, alert_id)
    if row is None:
        raise AlertNotFound(_l("There is no such alert."))
    line_in_charge(actor, row.category, row.sub_type, unit_path=row.unit_path, now=now)
    if not 0 < len(note.strip()) <= LONGEST:
        raise NoteMissing(_l("Say what is done about it, in at most 500 characters."))
    if row.acknowledged_at is None:
        row.acknowledged_by, row.acknowledged_at, row.note = actor.ref, now, note.strip()
        live.touch(TOPIC)


def _of_order(fact: OrderFact) -> dict[str, Any]:
    return {
        **NOTHING,
        "category": fact.category,
        "limit_state": fact.limit_state,
        "calls": fact.repeats + 1,
        "grade": fact.grade,
        "importance": fact.importance,
        "media": bool(fact.media),
    }


def _raise(
    facts: Mapping[str, Any], subject: str, unit: str, path: str, *, order: WorkOrder | None, now: datetime
) -> int:
    result = engine.decide(TABLE, dict(facts), now=now, record=False).result or []
    raised = 0
    for rule in result:
        row = {
            "rule": str(rule["rule"]),
            "subject": subject,
            "level": str(rule["level"]),
            "order_id": order.id if order else None,
            "unit_code": unit,
            "unit_path": path,
            "category": order.category if order else "",
            "sub_type": order.sub_type if order else "",
            "facts": {name: value for name, value in facts.items() if value != NOTHING[name]},
            "raised_at": now,
            "acknowledged_by": "",
            "note": "",
        }
        if (alert_id := _insert(row)) is not None:
            raised += 1
            _tell(alert_id, row, order, now=now)
    if raised:
        live.touch(TOPIC)
    return raised


def _insert(row: Mapping[str, Any]) -> int | None:
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(table(SupervisionAlert))
    statement = insert.values(**row).on_conflict_do_nothing(index_elements=["rule", "subject"])
    found: int | None = session.scalar(statement.returning(table(SupervisionAlert).c.id))
    return found


def _tell(alert_id: int, row: Mapping[str, Any], order: WorkOrder | None, *, now: datetime) -> None:
    word = words("rule").get(row["rule"])
    where = order.number if order else row["unit_code"]
    ids: Iterable[int] = {
        user_id
        for line in lines().values()
        if order is None or line.holds(order.category, order.sub_type)
        for user_id in holders(line.post, row["unit_path"], now=now)
    }
    notify.notify_users(
        ids,
        kind="supervision_alert",
        text=f"监管预警 {where}：{word.name if word else row['rule']}",
        text_en=f"Supervision alert {where}: {word.name_en if word else row['rule']}",
        link="/supervision/alerts",
        priority=80 if row["level"] == "red" else 60,
        dedupe_key=f"supervision_alert:{alert_id}",
        actor=_sender(),
        now=now,
    )


def _sender() -> Actor:
    return SYSTEM
