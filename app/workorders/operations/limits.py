"""Limits (时限): begin, meet, pause and go on. What the limit is, the decision table `order_limits` says.

Every running limit has a small process of its own, `limit_watch`, that waits for its next
threshold; it is told by messages (`limit_changed`, `limit_over`) when the limit moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel.actor import Actor
from app.kernel.calendar import WorkCalendar
from app.kernel.db import session
from app.kernel.limits import due_at, share_at
from app.workorders.models import OrderLimit, WorkOrder
from app.workorders.operations import trace

DECISION = "order_limits"
PAUSE_DECISION = "limit_pause"
WATCH = "limit_watch"
RUNNING = ("running", "paused", "held")


def begin(order: WorkOrder, stages: Iterable[str], *, actor: Actor, now: datetime) -> list[OrderLimit]:
    """Begin the limits of these stages; a stage the table has no rule for has no limit, a running one goes on."""
    begun = []
    for stage in stages:
        if _running(order, stage) is None and (limit := _decide(order, stage, now)) is not None:
            session.add(limit)
            session.flush()
            _watch(order, limit, actor=actor, now=now)
            begun.append(limit)
    return begun


def meet(order: WorkOrder, stages: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """The stages were reached at `now`: their limits end, kept or breached."""
    for stage in stages:
        limit = _running(order, stage)
        if limit is not None:
            _unpause(limit, now)
            limit.breached = now > limit.due_at
            _end(limit, "met", actor=actor, now=now)
            trace.event(
                order, "limit_missed" if limit.breached else "limit_kept", actor=actor, now=now, params={"stage": stage}
            )


def close_all(order: WorkOrder, *, actor: Actor, now: datetime, stages: Iterable[str] | None = None) -> None:
    """The order (or this part of it) ended otherwise: running limits stop without being met."""
    wanted = None if stages is None else set(stages)
    for limit in _all_running(order):
        if wanted is None or limit.stage in wanted:
            limit.breached = limit.state == "running" and now > limit.due_at
            _end(limit, "closed", actor=actor, now=now)


def pause(order: WorkOrder, reason: str, *, actor: Actor, now: datetime) -> None:
    """Stop the clocks that this reason stops, as the table `limit_pause` says."""
    for limit in _all_running(order):
        if limit.state == "running" and _pauses(limit, reason, now):
            limit.state, limit.paused_at = "paused", now
            _tell(limit, "limit_changed", actor=actor, now=now)


def go_on(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """Start the stopped clocks again: their ends move by the time they stood still."""
    for limit in _all_running(order):
        if limit.state == "paused":
            _unpause(limit, now)
            _tell(limit, "limit_changed", actor=actor, now=now)


def hold(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """Nobody is warned for a while (the order waits for its main order), yet the clocks run on."""
    for limit in _all_running(order):
        if limit.state == "running":
            limit.state = "held"
            _tell(limit, "limit_changed", actor=actor, now=now)


def let_go(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """End a hold: the limits stand where they would stand without it."""
    for limit in _all_running(order):
        if limit.state == "held":
            limit.state = "running"
            _tell(limit, "limit_changed", actor=actor, now=now)


def count_from(order: WorkOrder, reported_at: datetime, *, actor: Actor, now: datetime) -> None:
    """Limits that count from the report count from `reported_at`: the earliest report of a group."""
    for limit in _all_running(order):
        if limit.since == "reported" and limit.started_at != reported_at:
            limit.started_at, before = reported_at, limit.due_at
            limit.due_at = threshold_at(limit, 100)
            _move_tasks(order, before, limit.due_at, actor=actor, now=now)
            _tell(limit, "limit_changed", actor=actor, now=now)


def restart(order: WorkOrder, since: datetime, *, actor: Actor, now: datetime) -> None:
    """Let every running limit count from `since`, which is earlier than it began: the order keeps its clock."""
    for limit in _all_running(order):
        if limit.started_at > since:
            limit.started_at, before = since, limit.due_at
            limit.due_at = threshold_at(limit, 100)
            _move_tasks(order, before, limit.due_at, actor=actor, now=now)
            _tell(limit, "limit_changed", actor=actor, now=now)


def threshold_at(limit: OrderLimit, percent: float) -> datetime:
    """When this share of the limit is used up (over 100 %: exceeded by the rest), pauses left out."""
    calendar = WorkCalendar.load()
    plain = share_at(limit.started_at, limit.amount, limit.unit, limit.clock, calendar, percent=percent)
    stood = timedelta(seconds=limit.paused_seconds)
    if limit.clock == "working":
        return calendar.add_working_time(plain, stood) if stood else plain
    return plain + stood


def dues(order: WorkOrder) -> dict[str, str]:
    """When the limits that run end, by stage, as ISO 8601: what the diagrams' due dates name."""
    session.flush()
    return {limit.stage: limit.due_at.isoformat() for limit in _all_running(order) if limit.state == "running"}


def running_stages(order: WorkOrder) -> set[str]:
    """The stages whose limits run or stand still now."""
    return {limit.stage for limit in _all_running(order)}


def _decide(order: WorkOrder, stage: str, now: datetime) -> OrderLimit | None:
    decided = engine.decide(
        DECISION,
        {
            "ruleset": order.ruleset,
            "category": order.category,
            "sub_type": order.sub_type,
            "channel": order.channel,
            "stage": stage,
            "area": order.area,
            "importance": order.importance,
        },
        now=now,
    )
    result: dict[str, Any] | None = decided.result
    if not result or result.get("amount") is None:
        return None
    start = order.reported_at if result.get("since") == "reported" else now
    due = due_at(start, result["amount"], result["unit"], result["clock"], WorkCalendar.load())
    return OrderLimit(
        order_id=order.id,
        stage=stage,
        amount=float(result["amount"]),
        unit=result["unit"],
        clock=result["clock"],
        source=result.get("source") or "",
        rule=_rule_name(decided.rules),
        since=str(result.get("since") or "now"),
        started_at=start,
        due_at=due,
    )


def _rule_name(rules: Any) -> str:
    return ", ".join(rule.rule for rule in rules)[:120]


def _pauses(limit: OrderLimit, reason: str, now: datetime) -> bool:
    return bool(engine.decide(PAUSE_DECISION, {"reason": reason, "stage": limit.stage}, now=now).result)


def _watch(order: WorkOrder, limit: OrderLimit, *, actor: Actor, now: datetime) -> None:
    engine.start(
        WATCH,
        data={
            "limit_id": limit.id,
            "order_id": order.id,
            "stage": limit.stage,
            "importance": order.importance,
            "unit": order.unit_code,
        },
        business_key=f"{order.number}/{limit.stage}/{limit.id}",
        title=order.number,
        title_en=order.number,
        unit=order.unit_code,
        actor=actor,
        now=now,
    )


def _move_tasks(order: WorkOrder, before: datetime, due: datetime, *, actor: Actor, now: datetime) -> None:
    """Tasks that were due with the limit are due with it again."""
    for view in engine.list_instances(business_key=order.number):
        for task in engine.open_tasks(view.id):
            if task.due_at == before:
                engine.set_due(task.id, due, actor=actor, now=now)


def _unpause(limit: OrderLimit, now: datetime) -> None:
    if limit.paused_at is None:
        return
    working = limit.clock == "working"
    stood = WorkCalendar.load().working_time_between(limit.paused_at, now) if working else now - limit.paused_at
    limit.paused_seconds += int(stood.total_seconds())
    limit.paused_at, limit.state = None, "running"
    limit.due_at = threshold_at(limit, 100)


def _end(limit: OrderLimit, state: str, *, actor: Actor, now: datetime) -> None:
    limit.state, limit.met_at, limit.paused_at = state, now, None
    _tell(limit, "limit_over", actor=actor, now=now)


def _tell(limit: OrderLimit, message: str, *, actor: Actor, now: datetime) -> None:
    session.flush()
    engine.publish(message, correlation={"limit_id": limit.id}, actor=actor, now=now)


def _running(order: WorkOrder, stage: str) -> OrderLimit | None:
    return next((limit for limit in _all_running(order) if limit.stage == stage), None)


def _all_running(order: WorkOrder) -> list[OrderLimit]:
    query = sa.select(OrderLimit).where(OrderLimit.order_id == order.id, OrderLimit.state.in_(RUNNING))
    return list(session.scalars(query.order_by(OrderLimit.id)))
