"""“Still out” (复电后仍无电): a customer without supply while the others have it again is in an outage below the other.

It began when the other did: the customer was never back. What the parent's steps counted for them is taken
back by a step of its own, so that minutes are counted once.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.network import grid as network
from app.outages import hooks
from app.outages.models import OUT, Outage, OutageCustomer, TroubleCall
from app.outages.operations import absorbing, locks, members, process, regroup, repair, steps, trace
from app.outages.operations.find import by_number
from app.outages.operations.making import device_facts, new_outage
from app.outages.rights import MANAGE


class NotOfThisOutage(Conflict):
    """The customer was not in this outage, or has not been given supply back in it."""

    code = "not_of_this_outage"


def still_out(number: str, customer_id: int, *, note: str = "", actor: Actor, now: datetime) -> str:
    """Make (or join) the nested outage of a customer who is still out; returns its number.

    Raises `OutageNotFound`, `Forbidden` (right `outage.manage` or `order.callback`), `NotOfThisOutage`.
    """
    parent = by_number(number)
    if not authority.may(actor, "order.callback", unit_path=parent.unit_path, now=now):
        authority.require(actor, MANAGE, unit_path=parent.unit_path, now=now)
    row = session.scalar(
        sa.select(OutageCustomer)
        .where(OutageCustomer.outage_id == parent.id, OutageCustomer.customer_id == customer_id)
        .order_by(OutageCustomer.id.desc())
        .limit(1)
    )
    present = members.outage_of(customer_id)
    if present is not None and present.parent_id == parent.id:
        return present.number
    if row is None or row.active or (present is not None and not present.is_prediction):
        raise NotOfThisOutage(_l("The customer has not got supply back in outage %(number)s.", number=parent.number))
    if present is not None:
        locks.alone_with(present)
    nested = _nested(parent, row, actor=actor, now=now)
    _take_back(parent, row, actor=actor, now=now)
    if present is not None:
        _take_out(present, customer_id)
    row.outage_id, row.active, row.restored_at = nested.id, True, None
    _bring_call(parent, nested, customer_id)
    session.flush()
    if present is not None:
        _take_in_later(present, nested, customer_id, actor=actor, now=now)
    members.count(nested)
    steps.note_out(nested, at=nested.started_at, actor=actor)
    repair.begin(nested, actor=actor, now=now)
    process.begin(nested, actor=actor, now=now)
    trace.event(parent, "still_out", actor=actor, now=now, params={"number": nested.number, "note": note})
    hooks.emit("changed", nested, actor=actor, now=now)
    hooks.emit("changed", parent, actor=actor, now=now)
    return nested.number


def _take_out(later: Outage, customer_id: int) -> None:
    """They called again meanwhile and were predicted to be out anew: they never had supply in between."""
    session.execute(
        sa.delete(OutageCustomer)
        .where(OutageCustomer.outage_id == later.id, OutageCustomer.customer_id == customer_id, OutageCustomer.active)
        .execution_options(synchronize_session="fetch")
    )


def _take_in_later(later: Outage, nested: Outage, customer_id: int, *, actor: Actor, now: datetime) -> None:
    """What was predicted of their later calls is the nested outage; others' calls stay with the prediction."""
    if later.kind.endswith("_service"):
        absorbing.absorb(later, nested, actor=actor, now=now)
        return
    _bring_call(later, nested, customer_id)
    session.flush()
    members.count(later)
    if later.feeder_code:
        regroup.feeder(later.feeder_code, actor=actor, now=now)
    else:
        regroup.zone(later.zone, actor=actor, now=now)


def _nested(parent: Outage, row: OutageCustomer, *, actor: Actor, now: datetime) -> Outage:
    """The nested outage at the customer's transformer: several customers of one are in one."""
    known = session.scalar(
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(
            Outage.parent_id == parent.id,
            Outage.status.in_(OUT),
            OutageCustomer.active,
            OutageCustomer.transformer_code == row.transformer_code,
            OutageCustomer.out_at == row.out_at,
        )
        .limit(1)
    )
    if known is not None:
        known.kind = "confirmed_device" if known.device_code else known.kind
        return known
    nested = new_outage(
        kind="confirmed_service",
        status="confirmed",
        started_at=row.out_at,
        unit_code=parent.unit_code,
        unit_path=parent.unit_path,
        locked=True,
        confirmed_at=now,
        parent_id=parent.id,
        storm_id=parent.storm_id,
        cause=parent.cause,
        why={"rule": "still_out", "facts": {"number": parent.number}, "reasons": [], "at": now.isoformat()},
        now=now,
    )
    grid = network.current(now)
    for name, value in device_facts(grid, row.transformer_code, named=False).items():
        setattr(nested, name, value)
    trace.event(nested, "nested", actor=actor, now=now, params={"number": parent.number})
    hooks.emit("created", nested, actor=actor, now=now)
    hooks.emit("confirmed", nested, actor=actor, now=now)
    return nested


def _take_back(parent: Outage, row: OutageCustomer, *, actor: Actor, now: datetime) -> None:
    """The parent counted this customer as out and restored: it did not happen there."""
    restored_at = row.restored_at or now
    minutes = (restored_at - row.out_at).total_seconds() / 60
    note = "still out"
    steps.add_step(parent, "restored", "", -1, -minutes, at=restored_at, actor=actor, note=note)
    steps.add_step(parent, "out", "", -1, 0.0, at=row.out_at, actor=actor, note=note)
    parent.customers_total -= 1
    parent.customers_restored -= 1


def _bring_call(parent: Outage, nested: Outage, customer_id: int) -> None:
    """The customer's own call goes along, so that their order is the one that is worked on."""
    calls = session.scalars(
        sa.select(TroubleCall).where(TroubleCall.outage_id == parent.id, TroubleCall.customer_id == customer_id)
    ).all()
    for call in calls:
        call.outage_id, call.state, call.placed_by = nested.id, "attached", "hand"
        parent.calls = max(0, parent.calls - 1)
        nested.calls += 1
