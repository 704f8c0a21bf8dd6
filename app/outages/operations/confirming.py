"""A dispatcher's word on an outage: confirmed, and so locked; or none at all."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.network import grid as network
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import Outage, TroubleCall
from app.outages.operations import (
    absorbing,
    locks,
    low_voltage,
    members,
    overlapping,
    process,
    repair,
    steps,
    trace,
)
from app.outages.operations.find import open_outage
from app.outages.operations.making import device_facts
from app.outages.rights import CONFIRM, MANAGE
from app.workorders.queries.codes import code


class ConfirmedAlready(Conflict):
    code = "outage_confirmed"


class NotCancellable(Conflict):
    """Customers of this outage have been given supply back: it was one. What was planned is called off instead."""

    code = "outage_not_cancellable"


def confirm(
    number: str,
    device: str | None = None,
    cause: str = "",
    note: str = "",
    *,
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> Outage:
    """Confirm an outage: its group is locked and gets one main repair order, which its fault orders follow.

    `device` is where it really is, if prediction was wrong; what is predicted below it joins. `cause` is a code
    of kind `fault_cause`, empty while nobody knows. Raises `OutageNotFound`, `OutageOver`, `OutageChanged`,
    `Forbidden` (right `outage.confirm` there, at the device and at what joins), `ConfirmedAlready`, `Invalid`.
    """
    outage = open_outage(number, revision=revision)
    authority.require(actor, CONFIRM, unit_path=outage.unit_path, now=now)
    if outage.confirmed_at is not None or outage.nature != "unplanned":
        raise ConfirmedAlready(_l("Outage %(number)s is confirmed already.", number=outage.number))
    grid = network.current(now)
    _check(grid, device, cause)
    if device and device != outage.device_code:
        where = device_facts(grid, device)["unit_path"]
        authority.require(actor, CONFIRM, unit_path=where or outage.unit_path, now=now)
    locks.hold(outage, grid, device)
    if device and device != outage.device_code:
        put_on(outage, device, grid, actor=actor, now=now)
    settle(outage, cause=cause, note=note, actor=actor, now=now)
    return outage


def settle(outage: Outage, *, cause: str = "", note: str = "", actor: Actor, now: datetime) -> None:
    """`confirm` where the outage stands, without asking for the right: for what is known without a judgement."""
    outage.kind = _confirmed_kind(outage)
    outage.locked, outage.confirmed_at, outage.status = True, now, "confirmed"
    outage.cause, outage.cause_note = cause or outage.cause, note.strip() or outage.cause_note
    session.flush()
    members.out_since_it_began(outage)
    members.count(outage)
    steps.note_out(outage, at=outage.started_at, actor=actor)
    repair.begin(outage, actor=actor, now=now)
    process.begin(outage, actor=actor, now=now)
    params = {**trace.device(outage), "cause": outage.cause, "note": note, "order": process.main_order(outage)}
    trace.event(outage, "confirmed", actor=actor, now=now, params=params)
    _audit("outage.confirmed", outage, {"device": outage.device_code, "cause": cause}, actor=actor, now=now)
    session.flush()
    hooks.emit("confirmed", outage, actor=actor, now=now)


def recognise(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """A prediction all of whose supply is known to be back was an outage: nothing is left to judge or to repair.

    Its process, which is still at the judging, goes on to the verification when it is told so.
    """
    outage.locked, outage.confirmed_at = True, now
    process.begin(outage, actor=actor, now=now)
    outage.kind = _confirmed_kind(outage)
    session.flush()
    members.out_since_it_began(outage)
    members.count(outage)
    steps.note_out(outage, at=outage.started_at, actor=actor)


def _confirmed_kind(outage: Outage) -> str:
    return "confirmed_device" if outage.device_code or outage.kind.endswith("_device") else "confirmed_service"


def cancel(number: str, *, reason: str, revision: int | None = None, actor: Actor, now: datetime) -> None:
    """Say that this is no outage (非停电): nobody was without supply; the fault orders go on by themselves.

    Raises `OutageNotFound`, `OutageOver`, `OutageChanged`, `Forbidden` (right `outage.manage`), `Invalid`,
    `NotCancellable`.
    """
    outage = open_outage(number, revision=revision)
    authority.require(actor, MANAGE, unit_path=outage.unit_path, now=now)
    require_reason(reason)
    if outage.nature != "unplanned":
        raise NotCancellable(_l("Outage %(number)s was planned: call it off.", number=outage.number))
    if outage.customers_restored:
        raise NotCancellable(_l("Supply of outage %(number)s has come back for some already.", number=outage.number))
    leaving = overlapping.never_out(outage)
    members.release_all(outage)
    overlapping.move_on(outage, leaving, actor=actor, now=now)
    outage.kind, outage.status, outage.closed_at, outage.locked = "non_outage", "cancelled", now, True
    members.count(outage)
    steps.undo(outage)
    _close_calls(outage, now)
    trace.event(outage, "cancelled", actor=actor, now=now, params={"reason": reason})
    _audit("outage.cancelled", outage, {"reason": reason}, actor=actor, now=now)
    session.flush()
    hooks.emit("closed", outage, actor=actor, now=now)


def put_on(outage: Outage, device: str, grid: Grid, *, actor: Actor, now: datetime) -> None:
    """Let the outage be another device's: what was predicted below that joins it, what is not below it is let go."""
    covers = set(grid.transformers_under(device)) | low_voltage.covered([device], grid)
    leaving = overlapping.never_out(outage)
    had = members.devices_of([outage.id])[outage.id]
    members.release(outage, had - covers)
    if not had:
        members.release_all(outage)
    for name, value in device_facts(grid, device).items():
        setattr(outage, name, value)
    outage.zone = ""
    absorbing.take_in_below(outage, covers, grid, actor=actor, now=now)
    members.take(outage, covers - members.devices_elsewhere(covers), out_at=outage.started_at)
    if grid.low_under(device):
        low_voltage.take_in(outage, device, grid, actor=actor, now=now)
        low_voltage.take(outage, [device], grid, out_at=outage.started_at)
    overlapping.move_on(outage, leaving, actor=actor, now=now)


def require_reason(reason: str) -> None:
    """Raise `Invalid` where no reason is given."""
    if not reason.strip():
        message = _l("A reason is needed.")
        raise Invalid(message, errors={"reason": [message]})


def _check(grid: Grid, device: str | None, cause: str) -> None:
    errors: dict[str, list[object]] = {}
    if device and not grid.has(device):
        errors["device"] = [_l("There is no such device in the grid.")]
    if cause and code("fault_cause", cause) is None:
        errors["cause"] = [_l("Unknown value “%(value)s”.", value=cause)]
    if errors:
        raise Invalid(_l("The outage cannot be confirmed like this."), errors=errors)


def _close_calls(outage: Outage, now: datetime) -> None:
    session.execute(
        sa.update(TroubleCall)
        .where(TroubleCall.outage_id == outage.id)
        .values(state="closed", closed_at=now, revision=TroubleCall.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


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
