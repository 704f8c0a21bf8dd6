"""What a dispatcher does with calls and groups: move a call, split a group, join groups.

What a hand has placed, prediction leaves: moved calls are `placed_by` hand, groups that were split off or
joined are locked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.network import grid as network
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import OVER, Outage, TroubleCall
from app.outages.operations import (
    absorbing,
    attaching,
    etr,
    locks,
    low_voltage,
    members,
    process,
    regroup,
    repair,
    steps,
    trace,
)
from app.outages.operations.confirming import require_reason
from app.outages.operations.find import OutageChanged, open_outage
from app.outages.operations.making import device_facts, new_outage
from app.outages.operations.restoring import BACK, NOT_YET
from app.outages.rights import MANAGE


class CallNotFound(NotFound):
    code = "trouble_call_not_found"


class CannotMove(Conflict):
    """The call or group cannot go there."""

    code = "cannot_move"


def move(call_id: int, to: str | None, *, reason: str, revision: int | None = None, actor: Actor, now: datetime) -> str:
    """Move a call to outage `to`, or (None) to a service outage of its own; returns the number of that.

    `revision` is the call's as its reader saw it: of two dispatchers who move one call the second is refused
    with `OutageChanged`. Raises `CallNotFound`, `OutageNotFound`, `OutageOver`, `Forbidden`, `Invalid`, `CannotMove`.
    """
    require_reason(reason)
    call = _call(call_id, revision)
    source = session.get(Outage, call.outage_id) if call.outage_id is not None else None
    target = open_outage(to) if to else None
    for outage in (source, target):
        if outage is not None:
            authority.require(actor, MANAGE, unit_path=outage.unit_path, now=now)
    if source is None and target is None:
        authority.require(actor, MANAGE, unit_path=call.unit_path or "/", now=now)
    locks.alone_with(source, target, call)
    if target is not None and (target is source or not _takes_calls(target)):
        raise CannotMove(_l("The call cannot be moved to outage %(number)s.", number=target.number))
    _leave(call, source, reason, actor=actor, now=now)
    if call.suspect:  # a person believes it
        call.suspect, call.screening = False, "passed"
    if target is None:
        target = _own(call, source, actor=actor, now=now)
    else:
        if call.customer_id is not None:
            members.hand_over_customers(source, target, [call.customer_id])
        attaching.attach(call, target, actor=actor, now=now, by="hand")
        _recount(target, actor)
    params = {"reason": reason, "call": call.id, "order": call.order_number}
    trace.event(
        target, "call_moved_in", actor=actor, now=now, params={**params, "from": source.number if source else ""}
    )
    if source is not None:
        trace.event(source, "call_moved_out", actor=actor, now=now, params={**params, "to": target.number})
    audit.record(
        "outage.call_moved",
        actor=actor,
        now=now,
        subject_type="outage",
        subject_id=target.number,
        unit_path=target.unit_path,
        details={"call": call.id, "from": source.number if source else "", "reason": reason},
    )
    session.flush()
    if source is not None:
        _after(source, actor=actor, now=now)
    return target.number


def dismiss(call_id: int, *, reason: str, revision: int | None = None, actor: Actor, now: datetime) -> None:
    """Put away a report that no outage explains: a prank, a mistake, something else. Its order goes its own way.

    Raises `CallNotFound`, `OutageChanged`, `Forbidden`, `Invalid`, `CannotMove` (it belongs to an outage).
    """
    require_reason(reason)
    call = _call(call_id, revision)
    authority.require(actor, MANAGE, unit_path=call.unit_path or "/", now=now)
    if call.state != "open" or call.outage_id is not None:
        raise CannotMove(_l("The report belongs to an outage, or was put away before."))
    call.state, call.closed_at = "closed", now
    audit.record(
        "outage.call_dismissed",
        actor=actor,
        now=now,
        subject_type="trouble_call",
        subject_id=str(call.id),
        unit_path=call.unit_path,
        details={"order": call.order_number, "reason": reason},
    )
    session.flush()
    live.touch("outages")


def _takes_calls(outage: Outage) -> bool:
    """Whether somebody can be out in it: supply is off, and not for one customer's arrears alone."""
    return outage.status not in BACK | NOT_YET and outage.nature != "arrears"


def split(
    number: str,
    call_ids: Collection[int],
    *,
    reason: str,
    device: str | None = None,
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Split calls off into an outage of their own, at `device` (by default their one transformer); returns its number.

    Everybody below that device goes along. Raises `OutageNotFound`, `OutageOver`, `OutageChanged`, `Forbidden`,
    `Invalid`, `CannotMove` (all of its calls, or none).
    """
    source = open_outage(number, revision=revision)
    authority.require(actor, MANAGE, unit_path=source.unit_path, now=now)
    require_reason(reason)
    grid = network.current(now)
    locks.hold(source, grid, device)
    calls = _calls_of(source, call_ids)
    target = _split_off(source, calls, device, grid, now=now)
    for call in calls:
        _leave(call, source, reason, actor=actor, now=now)
        call.outage_id, call.state, call.placed_by = target.id, "attached", "hand"
    target.calls = len([call for call in calls if not call.suspect])
    session.flush()
    _recount(target, actor)
    _recount(source, actor)
    trace.event(target, "split_from", actor=actor, now=now, params={"number": source.number, "reason": reason})
    params = {"number": target.number, "reason": reason, "calls": len(calls)}
    trace.event(source, "split_off", actor=actor, now=now, params=params)
    _audit("outage.split", source, {"into": target.number, "reason": reason}, actor=actor, now=now)
    if source.confirmed_at is not None:
        _confirmed_too(target, source, actor=actor, now=now)
    process.begin(target, actor=actor, now=now)
    hooks.emit("created", target, actor=actor, now=now)
    _after(source, actor=actor, now=now)
    return target.number


def join(
    numbers: Sequence[str],
    *,
    into: str,
    reason: str,
    revisions: Mapping[str, int] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Join outages into one, which is locked from then on. Their fault orders follow its main one, if it has one.

    A prediction that takes in a confirmed outage is confirmed: how far that one's repair is, is how far its own is.

    `revisions` are the outages', by number, as their reader saw them. Raises `OutageNotFound`, `OutageOver`,
    `OutageChanged`, `Forbidden`, `Invalid`, `CannotMove` (restored for somebody already).
    """
    require_reason(reason)
    seen = revisions or {}
    target = open_outage(into, revision=seen.get(into))
    sources = [open_outage(number, revision=seen.get(number)) for number in dict.fromkeys(numbers) if number != into]
    for outage in (target, *sources):
        authority.require(actor, MANAGE, unit_path=outage.unit_path, now=now)
        if outage.customers_restored or outage.nature != "unplanned":
            raise CannotMove(_l("Outage %(number)s cannot be joined any more.", number=outage.number))
    if not sources:
        raise CannotMove(_l("There is nothing to join."))
    grid = network.current(now)
    for outage in sorted((target, *sources), key=lambda each: each.feeder_code):
        locks.hold(outage, grid)
    confirmed = min((one for one in sources if one.confirmed_at), key=lambda one: one.confirmed_at or now, default=None)
    for source in sources:
        main = source.main_order_id
        absorbing.absorb(source, target, actor=actor, now=now)
        steps.undo(source)
        _audit("outage.joined", source, {"into": target.number, "reason": reason}, actor=actor, now=now)
        if main is not None and target.main_order_id is None:
            target.main_order_id = main
    target.locked = True
    session.flush()
    members.count(target)
    if target.kind.endswith("_service") and target.customers_out != 1:
        target.kind = target.kind.replace("_service", "_device")
    if target.kind.endswith("_device"):
        members.out_since_it_began(target)
    newly = confirmed is not None and target.confirmed_at is None
    if confirmed is not None and newly:
        _go_on_from(confirmed, target)
    _recount(target, actor)
    if target.main_order_id is not None:
        repair.gather(target, actor=actor, now=now)
    trace.event(
        target, "joined_in", actor=actor, now=now, params={"numbers": [s.number for s in sources], "reason": reason}
    )
    process.begin(target, actor=actor, now=now)
    if newly:
        hooks.emit("confirmed", target, actor=actor, now=now)
    hooks.emit("regrouped", target, actor=actor, now=now)


def _call(call_id: int, revision: int | None) -> TroubleCall:
    call = session.get(TroubleCall, call_id)
    if call is None:
        raise CallNotFound(_l("There is no such report."))
    session.refresh(call)
    if revision is not None and call.revision != revision:
        raise OutageChanged(_l("Somebody else has moved this report meanwhile. Look at it again."))
    if call.state == "closed":
        raise CannotMove(_l("This report is closed: its order was cancelled, or its outage is over."))
    return call


def _calls_of(source: Outage, call_ids: Collection[int]) -> list[TroubleCall]:
    found = list(
        session.scalars(
            sa.select(TroubleCall).where(
                TroubleCall.id.in_(list(call_ids)),
                TroubleCall.outage_id == source.id,
                TroubleCall.state == "attached",
            )
        )
    )
    if not found or len(found) != len(set(call_ids)):
        message = _l("Choose reports of this outage.")
        raise Invalid(message, errors={"calls": [message]})
    if len(found) >= source.calls and source.calls:
        raise CannotMove(_l("At least one report stays with the outage."))
    return found


def _leave(call: TroubleCall, source: Outage | None, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a call, and its order, out of its outage."""
    if source is None or source.status in OVER:
        return
    call.outage_id, call.state = None, "open"
    source.calls = max(0, source.calls - (0 if call.suspect else 1))
    session.flush()
    repair.leave(call, source, reason, actor=actor, now=now)


def _own(call: TroubleCall, source: Outage | None, *, actor: Actor, now: datetime) -> Outage:
    """A service outage for one call alone, which a dispatcher said it is."""
    grid = network.current(now)
    target = new_outage(
        kind="probable_service",
        started_at=call.reported_at,
        unit_code=call.unit_code,
        unit_path=call.unit_path,
        locked=True,
        why={"rule": "hand", "facts": {}, "device": call.transformer_code, "reasons": [], "at": now.isoformat()},
        now=now,
    )
    for name, value in device_facts(grid, call.transformer_code, named=False).items():
        setattr(target, name, value)
    target.zone = "" if target.feeder_code else call.zone
    if call.customer_id is not None:
        members.hand_over_customers(source, target, [call.customer_id])
    attaching.attach(call, target, actor=actor, now=now, by="hand")
    _recount(target, actor)
    hooks.emit("created", target, actor=actor, now=now)
    return target


def _split_off(
    source: Outage, calls: Sequence[TroubleCall], device: str | None, grid: Grid, *, now: datetime
) -> Outage:
    transformers = {call.transformer_code for call in calls if call.transformer_code}
    if device is not None and not grid.has(device):
        message = _l("There is no such device in the grid.")
        raise Invalid(message, errors={"device": [message]})
    if device is None and len(transformers) == 1 and source.device_code not in transformers:
        device = next(iter(transformers))
    target = new_outage(
        kind="probable_device" if device or len(calls) > 1 else "probable_service",
        started_at=min(call.reported_at for call in calls),
        unit_code=source.unit_code,
        unit_path=source.unit_path,
        locked=True,
        zone=source.zone,
        storm_id=source.storm_id,
        why={
            "rule": "split",
            "facts": {"number": source.number},
            "device": device or "",
            "reasons": [],
            "at": now.isoformat(),
        },
        now=now,
    )
    where = device or next(iter(sorted(transformers)), "")
    for name, value in device_facts(grid, where, named=bool(device)).items():
        setattr(target, name, value)
    if device:
        members.hand_over(source, target, codes=grid.transformers_under(device))
        members.hand_over_customers(source, target, low_voltage.customers([device], grid))
        low = low_voltage.covered([device], grid)
        members.take(target, low - members.devices_elsewhere(low), out_at=target.started_at)
    members.hand_over_customers(source, target, [call.customer_id for call in calls if call.customer_id is not None])
    return target


def _confirmed_too(target: Outage, source: Outage, *, actor: Actor, now: datetime) -> None:
    """Part of a confirmed outage is confirmed: it has a main repair order of its own."""
    target.confirmed_at, target.status, target.cause = source.confirmed_at, "confirmed", source.cause
    target.kind = target.kind.replace("probable", "confirmed")
    session.flush()
    repair.begin(target, actor=actor, now=now)
    hooks.emit("confirmed", target, actor=actor, now=now)


def _go_on_from(source: Outage, target: Outage) -> None:
    """The prediction is confirmed as the outage it takes in was, with what was known of that."""
    target.confirmed_at, target.status = source.confirmed_at, "confirmed"
    target.kind = "confirmed_device" if target.kind.endswith("_device") else "confirmed_service"
    target.cause, target.cause_note, target.weather = source.cause, source.cause_note, source.weather
    etr.inherit(target, source)
    session.flush()


def _recount(outage: Outage, actor: Actor) -> None:
    session.flush()
    members.count(outage)
    if outage.confirmed_at is not None:
        steps.note_out(outage, at=outage.started_at, actor=actor)


def _after(source: Outage, *, actor: Actor, now: datetime) -> None:
    """What is left of a group that lost a call."""
    _recount(source, actor)
    hooks.emit("changed", source, actor=actor, now=now)
    if source.locked:
        return
    if source.feeder_code:
        regroup.feeder(source.feeder_code, actor=actor, now=now)
    else:
        regroup.zone(source.zone, actor=actor, now=now)


def _audit(action: str, outage: Outage, details: dict[str, str], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="outage",
        subject_id=outage.number,
        unit_path=outage.unit_path,
        details=details,
    )
