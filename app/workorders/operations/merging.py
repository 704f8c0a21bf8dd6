"""Merge orders of one cause (合并) under a main order, and take them apart again (拆分).

An attached order's process waits; when the main order's reply has passed its review each
caller is called back. Arrival counts from the earliest report of the group.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.workorders.models import OrderMerge, WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.find import facts, open_order
from app.workorders.operations.process import tell

LATE = frozenset({"REVIEWED", "CALLED_BACK"})
INHERITED = (
    "fault_type",
    "fault_cause",
    "ownership",
    "findings",
    "action",
    "line",
    "transformer_area",
    "analysis",
    "result",
    "measures",
    "answer",
)
"""What an attached order takes over when the main one has been reviewed."""


class CannotMerge(Conflict):
    code = "cannot_merge"


def merge(number: str, *, into: str, cause: str, actor: Actor, now: datetime) -> None:
    """Attach order `number` to the main order `into` once the common cause is confirmed (`cause` says which).

    Raises `Forbidden` (right `order.manage` for both), `Invalid` (no cause), `CannotMerge`, `NotNow`.
    """
    child, main = open_order(number), open_order(into)
    for order in (child, main):
        authority.require(actor, "order.manage", unit_path=order.unit_path, now=now)
    if not cause.strip():
        message = _l("Say which common cause was confirmed.")
        raise Invalid(message, errors={"cause": [message]})
    require_allowed(child, "merge", now=now)
    check_pair(child, main)
    attach(child, main, cause, actor=actor, now=now)


def unmerge(number: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take an attached order off its main order: it goes on where it stood, with its own clock running on."""
    child = open_order(number)
    authority.require(actor, "order.manage", unit_path=child.unit_path, now=now)
    require_allowed(child, "unmerge", now=now)
    if not reason.strip():
        message = _l("A reason is needed.")
        raise Invalid(message, errors={"reason": [message]})
    detach(child, reason, actor=actor, now=now)


def attach(child: WorkOrder, main: WorkOrder, cause: str, *, actor: Actor, now: datetime) -> None:
    """Write the merge and tell the child's process."""
    session.add(
        OrderMerge(main_id=main.id, child_id=child.id, cause=cause, status_before=child.status, by=actor.ref, at=now)
    )
    child.main_order_id = main.id
    main.calls += child.calls
    trace.event(main, "merged_in", actor=actor, now=now, params={"child": child.number, "cause": cause})
    trace.event(child, "merged", actor=actor, now=now, params={"main": main.number, "cause": cause})
    _audit("order.merged", child, main, actor=actor, now=now)
    _count_from_earliest(main, actor=actor, now=now)
    tell(child, "order_merged", actor=actor, now=now)


def detach(child: WorkOrder, reason: str, *, actor: Actor, now: datetime) -> None:
    """Undo the merge and tell the child's process."""
    main = session.get_one(WorkOrder, child.main_order_id)
    merged = _last(child)
    merged.undone_at, merged.undone_by, merged.undone_reason = now, actor.ref, reason
    child.main_order_id = None
    main.calls = max(1, main.calls - child.calls)
    trace.event(main, "unmerged_from", actor=actor, now=now, params={"child": child.number, "reason": reason})
    trace.event(child, "unmerged", actor=actor, now=now, params={"main": main.number, "reason": reason})
    _audit("order.unmerged", child, main, actor=actor, now=now)
    _count_from_earliest(main, actor=actor, now=now)
    tell(child, "order_unmerged", actor=actor, now=now)


def mark_merged(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order waits for its main order, whose clocks count for it; its own are held."""
    order.status = "MERGED"
    limits.hold(order, actor=actor, now=now)
    return facts(order)


def mark_unmerged(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order goes on by itself where it stood before it was attached."""
    order.status = _last(order).status_before
    limits.let_go(order, actor=actor, now=now)
    return facts(order)


def mark_followed(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The main order passed its review: the attached one takes over what was found and is called back."""
    main = session.get_one(WorkOrder, order.main_order_id)
    for name in INHERITED:
        setattr(order, name, getattr(main, name) or getattr(order, name))
    limits.close_all(order, actor=actor, now=now)
    order.status, order.step = "REVIEWED", "callback"
    restored = trace.stamp_at(main, "restored")
    if restored is not None:
        trace.stamp(order, "restored", actor=actor, now=restored)
    trace.stamp(order, "reviewed", actor=actor, now=now)
    trace.event(order, "followed_main", actor=actor, now=now, params={"main": main.number})
    return facts(order)


def release_children(order: WorkOrder, *, actor: Actor, now: datetime) -> int:
    """Tell every attached order that the main one has been reviewed; returns how many there are."""
    children = [child for child in children_of(order) if child.status == "MERGED"]
    for child in children:
        tell(child, "main_reviewed", actor=actor, now=now)
    return len(children)


def hand_on_children(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """A main order was cancelled: its earliest attached order becomes the main one, the others follow it."""
    children = children_of(order)
    for child in children:
        detach(child, f"{order.number}", actor=actor, now=now)
    for child in children[1:]:
        attach(child, children[0], _last(child).cause, actor=actor, now=now)


def children_of(order: WorkOrder) -> list[WorkOrder]:
    """The attached orders, earliest report first."""
    query = sa.select(WorkOrder).where(WorkOrder.main_order_id == order.id)
    return list(session.scalars(query.order_by(WorkOrder.reported_at, WorkOrder.id)))


def _count_from_earliest(main: WorkOrder, *, actor: Actor, now: datetime) -> None:
    session.flush()
    earliest = min(order.reported_at for order in (main, *children_of(main)))
    limits.count_from(main, earliest, actor=actor, now=now)


def check_pair(child: WorkOrder, main: WorkOrder) -> None:
    """Raise `CannotMerge` where these two may not become one group."""
    if child.id == main.id:
        raise CannotMerge(_l("An order cannot be attached to itself."))
    if main.main_order_id is not None:
        raise CannotMerge(_l("Order %(number)s is itself attached to another.", number=main.number))
    if main.status in LATE:
        raise CannotMerge(_l("Order %(number)s has already been reviewed.", number=main.number))
    if child.main_order_id is not None or children_of(child):
        raise CannotMerge(_l("Order %(number)s is already part of a group.", number=child.number))
    if child.category != main.category:
        raise CannotMerge(_l("Only orders of one category can be merged."))


def _last(child: WorkOrder) -> OrderMerge:
    query = sa.select(OrderMerge).where(OrderMerge.child_id == child.id)
    return session.scalars(query.order_by(OrderMerge.id.desc()).limit(1)).one()


def _audit(action: str, child: WorkOrder, main: WorkOrder, *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=child.number,
        unit_path=child.unit_path,
        details={"main": main.number},
    )
