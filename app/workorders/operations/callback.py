"""Call the customer back (回访), open the order again where they are not content, archive it (归档)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import Callback, OrderMerge, WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.accounts import callback_from
from app.workorders.operations.callback_plan import Strategy, into_windows, next_attempt, sampled
from app.workorders.operations.find import facts
from app.workorders.operations.process import spread
from app.workorders.queries.codes import code


def plan_callback(order: WorkOrder, strategy: Strategy, *, now: datetime) -> dict[str, Any]:
    """The next attempt: `callback_at` (an instant), `attempt` (its number), `more` (whether there is one).

    An order outside the sample (`strategy.share`) is not called back: `callback_outcome` says so.
    """
    if not sampled(order.number, strategy.share):
        return {"more": False, "attempt": 0, "callback_at": None, "callback_outcome": "not_sampled"}
    made, last_at = _made(order)
    since = trace.stamp_at(order, "reviewed") or order.accepted_at
    planned = next_attempt(strategy, made=made, last_at=last_at, since=since, now=now)
    if planned is not None and (wished := callback_from(order, at=planned)) > planned:
        planned = into_windows(wished, strategy.windows)
    return {
        "more": planned is not None,
        "attempt": made + 1,
        "callback_at": planned.isoformat() if planned else None,
    }


def record_callback(
    order: WorkOrder,
    *,
    way: str,
    result: str,
    satisfaction: str,
    opinion: str,
    kind: str = "callback_result",
    actor: Actor,
    now: datetime,
) -> str:
    """Keep an attempt; returns what it means: `answered`, `still_out`, `unsatisfied`, `retry` or `unreachable`.

    `result` is a word of the list `kind`.
    """
    known = code(kind, result)
    outcome = str(known.facts.get("outcome", "retry")) if known else "retry"
    made, _last = _made(order)
    answered = outcome in ("answered", "still_out", "unsatisfied")
    session.add(
        Callback(
            order_id=order.id,
            round=order.round,
            attempt=made + 1,
            way=way,
            result=result,
            satisfaction=satisfaction if answered else "",
            opinion=opinion,
            by=actor.ref,
            at=now,
        )
    )
    trace.event(
        order,
        "called_back",
        actor=actor,
        now=now,
        params={"list": kind, "result": result, "satisfaction": satisfaction if answered else "", "opinion": opinion},
    )
    session.flush()
    return outcome


def mark_called_back(order: WorkOrder, *, outcome: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The callback is over, reached or not."""
    order.status, order.step = "CALLED_BACK", "archive"
    order.outcome = "unreachable" if outcome == "retry" else outcome
    if outcome == "not_sampled":
        return facts(order)
    if outcome == "answered":
        trace.stamp(order, "called_back", actor=actor, now=now)
    else:
        trace.event(order, "callback_failed", actor=actor, now=now)
    return facts(order)


def reopen(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Power is still out, or the customer is not content: a new round begins; the time of report stays."""
    _leave_group(order, actor=actor, now=now)
    limits.close_all(order, actor=actor, now=now)
    order.round += 1
    order.status, order.step, order.outcome = "NEW", "dispatch", ""
    order.crew_id, order.etr_at, order.etr_source = None, None, ""
    trace.stamp(order, "accepted", actor=actor, now=now)
    order.handler, order.review_note = "", ""
    params = {"round": order.round, "category": order.category}
    trace.event(order, "reopened", actor=actor, now=now, params=params)
    session.flush()
    return facts(order)


def archive(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order is complete and closed."""
    order.status, order.step, order.closed_at = "ARCHIVED", "", now
    limits.close_all(order, actor=actor, now=now)
    trace.stamp(order, "archived", actor=actor, now=now)
    trace.event(order, "archived", actor=actor, now=now)
    spread(order, "order_closed", actor=actor, now=now)
    return facts(order)


def _made(order: WorkOrder) -> tuple[int, datetime | None]:
    made, last_at = session.execute(
        sa.select(sa.func.count(Callback.id), sa.func.max(Callback.at)).where(
            Callback.order_id == order.id, Callback.round == order.round
        )
    ).one()
    return made, last_at


def _leave_group(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    if order.main_order_id is None:
        return
    merged = session.scalars(
        sa.select(OrderMerge).where(OrderMerge.child_id == order.id).order_by(OrderMerge.id.desc()).limit(1)
    ).one()
    merged.undone_at, merged.undone_by, merged.undone_reason = now, actor.ref, "still_out"
    order.main_order_id = None
