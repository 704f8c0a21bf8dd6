"""A unit is dissolved while it holds orders (撤销单位): its orders and its tasks go to the unit that follows it.

Which that is, the table `unit_successor` says; where it names none, the nearest open unit
above. An order still being handled is transferred, as a dispatcher would (its clocks go
on); tasks of orders further on are offered to the same posts of the new unit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import audit, db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.registry import registry
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.allowed import allowed_actions
from app.workorders.operations.process import spread
from app.workorders.queries.units import parent_path

DECISION = "unit_successor"
BATCH = 200
EVERY = timedelta(minutes=1)


@registry.sweep("workorders.dissolved", every=EVERY)
def sweep(now: datetime) -> int:
    """Move what dissolved units hold; returns how many orders and tasks moved."""
    moved: int = db.run(lambda: move_all(actor=SYSTEM, now=now))
    return moved


def move_all(*, actor: Actor, now: datetime) -> int:
    """Move up to a batch of orders and tasks of units that are no more."""
    gone = {code: unit for code in _units_held() if (unit := _follower(code, now)) is not None}
    if not gone:
        return 0
    held = sa.or_(WorkOrder.unit_code.in_(gone), WorkOrder.lead_unit.in_(gone))
    orders = session.scalars(sa.select(WorkOrder).where(held, WorkOrder.status.not_in(CLOSED)).limit(BATCH)).all()
    for order in orders:
        _move(order, gone, actor=actor, now=now)
    return len(orders) + _readdress(gone, actor=actor, now=now)


def _units_held() -> set[str]:
    """The codes of all units that hold an open order or an open task."""
    open_orders = WorkOrder.status.not_in(CLOSED)
    units = set(session.scalars(sa.select(WorkOrder.unit_code).where(open_orders).distinct()))
    units |= set(
        session.scalars(sa.select(WorkOrder.lead_unit).where(open_orders, WorkOrder.lead_unit != "").distinct())
    )
    groups = session.scalars(
        sa.select(engine.TaskCandidate.ref)
        .where(engine.TaskCandidate.open, engine.TaskCandidate.kind == "group")
        .distinct()
    )
    return units | {ref.partition("@")[2] for ref in groups if "@" in ref}


def _follower(code: str, now: datetime) -> UnitView | None:
    """Who follows a unit that is no more; None where it is still open, or nobody follows."""
    if people.unit_by_code(code, at=now) is not None:
        return None
    named = engine.decide(DECISION, {"unit": code}, now=now, record=False).result
    if named and (unit := people.unit_by_code(str(named), at=now)) is not None:
        return unit
    last = people.unit_last_known(code)
    path = parent_path(last.path) if last else "/"
    while path.strip("/"):
        above = people.unit_by_path(path)
        if above is not None and people.unit_by_code(above.code, at=now) is not None:
            return above
        path = parent_path(path)
    return None


def _move(order: WorkOrder, gone: dict[str, UnitView], *, actor: Actor, now: datetime) -> None:
    before = order.unit_code if order.unit_code in gone else order.lead_unit
    unit = gone[before]
    if order.unit_code in gone:
        order.unit_code, order.unit_path, order.handler = unit.code, unit.path, ""
    if order.lead_unit in gone:
        order.lead_unit = gone[order.lead_unit].code
    params = {"from": before, "to": unit.code}
    trace.event(order, "unit_dissolved", actor=actor, now=now, params=params)
    audit.record(
        "order.unit_dissolved",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=order.number,
        unit_path=unit.path,
        details=params,
    )
    if "transfer" in allowed_actions(order.status, now=now):
        spread(order, "order_transferred", actor=actor, now=now)
    elif order.instance_id is not None:
        engine.describe(order.instance_id, unit=order.unit_code, actor=actor, now=now)


def _readdress(gone: dict[str, UnitView], *, actor: Actor, now: datetime) -> int:
    session.flush()
    candidate = engine.TaskCandidate
    query = sa.select(candidate.task_id, candidate.ref).where(candidate.open, candidate.kind == "group")
    tasks: dict[str, dict[str, str]] = {}
    for task_id, ref in session.execute(query.where(sa.or_(*(candidate.ref.endswith(f"@{code}") for code in gone)))):
        post, _at, code = ref.partition("@")
        tasks.setdefault(task_id, {})[ref] = f"{post}@{gone[code].code}"
    for task_id, groups in list(tasks.items())[:BATCH]:
        engine.readdress(task_id, groups, actor=actor, now=now)
    return len(tasks)
