"""What the process of a 督办 does step by step; no rights are asked here, the diagram has decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel import limits, live
from app.kernel.actor import Actor
from app.kernel.calendar import WorkCalendar
from app.kernel.db import session
from app.notify import operations as notify
from app.supervision.models import SupervisionOrder, SupervisionRound
from app.supervision.operations.folding import TOPIC
from app.workorders.models import WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.escalation import holders
from app.workorders.operations.reminding import task_holders
from app.workorders.queries.secrecy import spoken
from app.workorders.queries.units import unit_above, unit_with

HEAD = "head"


def ask(row: SupervisionOrder, rule: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Begin a round: who answers, and until when by the table's rule.

    The first round asks the head of the unit, from the round that the rule names on the head above it.
    """
    head = _head(row, above=row.round >= int(rule["above_from"]), now=now)
    calendar = WorkCalendar.load()
    due = limits.due_at(now, rule["amount"], str(rule["unit"]), str(rule["clock"]), calendar)
    session.add(SupervisionRound(supervision_id=row.id, round=row.round, head_unit=head, asked_at=now, due_at=due))
    row.state, row.due_at = "answering", due
    session.flush()
    _tell_holders(row, actor=actor, now=now)
    live.touch(TOPIC)
    return {"head_unit": head, "answer_due": due.isoformat(), "round": row.round, "priority": int(rule["priority"])}


def record_answer(row: SupervisionOrder, *, cause: str, measures: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The head answered; the person behind a secret order is taken out of what was written."""
    order = session.get_one(WorkOrder, row.order_id)
    step = _round(row)
    step.cause, step.measures = spoken(order, cause), spoken(order, measures)
    step.answered_by, step.answered_at = actor.ref, now
    row.state = "evaluating"
    trace.event(order, "supervision_answered", actor=actor, now=now, params={"number": row.number})
    live.touch(TOPIC)
    return {"cause": step.cause, "measures": step.measures}


def record_verdict(row: SupervisionOrder, *, verdict: str, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The department evaluated: `accept` closes, `again` begins another round."""
    order = session.get_one(WorkOrder, row.order_id)
    step = _round(row)
    step.verdict, step.note = verdict, spoken(order, note)
    step.evaluated_by, step.evaluated_at = actor.ref, now
    if verdict == "accept":
        end(row, "closed", actor=actor, now=now)
    else:
        row.round += 1
        trace.event(order, "supervision_again", actor=actor, now=now, params={"number": row.number, "note": step.note})
    session.flush()
    live.touch(TOPIC)
    return {"round": row.round, "previous_note": step.note}


def escalate(row: SupervisionOrder, *, actor: Actor, now: datetime) -> list[str]:
    """Nobody answered in time: the head above and the department are told; returns whom."""
    row.escalated += 1
    told = holders(HEAD, _parent(_round(row).head_unit, now), now=now)
    told |= {user.id: user.name for user in people.members_of(row.group, at=now)}
    text = _l("Supervision %(number)s was not answered in time.", number=row.number)
    _notify(row, told, text, f"late:{row.round}", actor=actor, now=now)
    order = session.get_one(WorkOrder, row.order_id)
    params = {"number": row.number, "told": sorted(told.values())}
    trace.event(order, "supervision_late", actor=actor, now=now, params=params)
    live.touch(TOPIC)
    return sorted(told.values())


def end(row: SupervisionOrder, state: str, *, actor: Actor, now: datetime) -> None:
    """Closed or withdrawn; the order keeps its flag: it was supervised."""
    row.state, row.closed_at, row.due_at = state, now, None
    order = session.get_one(WorkOrder, row.order_id)
    trace.event(order, f"supervision_{state}", actor=actor, now=now, params={"number": row.number})
    live.touch(TOPIC)


def _round(row: SupervisionOrder) -> SupervisionRound:
    query = sa.select(SupervisionRound).where(
        SupervisionRound.supervision_id == row.id, SupervisionRound.round == row.round
    )
    return session.scalars(query).one()


def _head(row: SupervisionOrder, *, above: bool, now: datetime) -> str:
    """The unit whose head answers; where the post is vacant above, the one that was asked before."""
    own = unit_with(row.unit_path, post=HEAD, now=now)
    higher = unit_above(own.path, post=HEAD, now=now) if own and above else None
    unit = higher or own
    return unit.code if unit else row.unit_code


def _parent(code: str, now: datetime) -> str:
    unit = people.unit_by_code(code, at=now)
    return unit.path.rstrip("/").rpartition("/")[0] + "/" if unit else "/"


def _tell_holders(row: SupervisionOrder, *, actor: Actor, now: datetime) -> None:
    order = session.get_one(WorkOrder, row.order_id)
    ids = task_holders(order, now)
    text = _l(
        "Order %(order)s is supervised (%(number)s): %(request)s",
        order=row.order_number,
        number=row.number,
        request=row.request,
    )
    _notify(row, dict.fromkeys(ids, ""), text, f"issued:{row.round}", actor=actor, now=now)


def _notify(
    row: SupervisionOrder, told: Mapping[int, str], text: Any, key: str, *, actor: Actor, now: datetime
) -> None:
    notify.notify_users(
        told,
        kind="supervision",
        text=text,
        link=f"/orders/{row.order_number}",
        priority=85,
        dedupe_key=f"supervision:{row.id}:{key}",
        actor=actor,
        now=now,
    )
