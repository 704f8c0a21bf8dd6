"""Take a trouble call (停电报告): once by its key, screened, located. The one door for orders, web, API and meters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.network import grid as network
from app.network.grid import Grid
from app.outages.models import Outage, TroubleCall
from app.outages.operations import attaching, locks, pranks, regroup
from app.outages.operations.callers import Caller, known_caller, spoken
from app.outages.operations.clocks import trusted
from app.outages.operations.screening import Screened, screen
from app.outages.operations.thresholds import InForce, in_force_at

SOURCES = ("order", "ivr", "web", "api", "meter")
LENGTHS = {"key": 120, "account_no": 32, "phone": 40, "address": 300, "zone": 40, "transformer_code": 64}


class InvalidTrouble(Invalid):
    """The report cannot be taken; `details["errors"]` maps field to messages."""

    code = "invalid_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What somebody reports. `key` names the report for its sender; anything else may be missing.

    `device_at` is when it happened by the sender's clock and `sent_at` when it was sent by that clock; a
    `reported_at` by our own clock (an order's) goes before both. `meter_alive` is the answer of a ping, where one
    was made. `unit_code`, `unit_path` are the unit that took the report, for callers whom nobody knows.
    """

    source: str
    key: str
    account_no: str = ""
    customer_id: int | None = None
    phone: str = ""
    address: str = ""
    zone: str = ""
    transformer_code: str = ""
    order_id: int | None = None
    order_number: str = ""
    reported_at: datetime | None = None
    device_at: datetime | None = None
    sent_at: datetime | None = None
    meter_alive: bool | None = None
    unit_code: str = ""
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of a report: the outage it belongs to, if any; how it was screened; `why` as it is kept.

    `new` is false where the same report was taken before.
    """

    call_id: int
    outage_number: str | None
    screening: str
    why: Mapping[str, Any] = field(default_factory=dict)
    new: bool = True


def report(trouble: Trouble, *, actor: Actor, now: datetime) -> Placed:
    """Take a report, screen it, and form the groups of its feeder or zone anew.

    Raises `InvalidTrouble`. A report sent again by the same key gives the same answer and changes nothing.
    """
    grid = network.current(now)
    ready = _prepared(trouble, grid, now)
    locks.alone(ready.columns["feeder_code"], ready.columns["zone"])  # what is known of the place stays so
    screened, call = _screened(trouble, ready)
    if call is None:
        known = session.scalars(sa.select(TroubleCall).where(TroubleCall.key == trouble.key)).one()
        return _answer(known, session.get(Outage, known.outage_id) if known.outage_id else None, new=False)
    outage = _place(call, screened, grid, in_force=ready.in_force, actor=actor, now=now)
    return _answer(call, outage, new=True)


def report_all(troubles: Sequence[Trouble], *, actor: Actor, now: datetime) -> int:
    """Take many reports of meters in one go; each feeder's groups are formed anew once. Returns how many were new.

    What one number may report at most is not looked at: meters have none. Raises `InvalidTrouble`.
    """
    grid = network.current(now)
    ready = [(trouble, _prepared(trouble, grid, now)) for trouble in troubles]
    locks.alone_with_all({each.columns["feeder_code"] for _, each in ready})
    new, feeders, zones = 0, set(), set()
    for trouble, each in ready:
        screened, call = _screened(trouble, each)
        if call is None:
            continue
        new += 1
        if screened.outage is not None:
            attaching.attach(call, screened.outage, actor=actor, now=now)
        elif screened.code == "passed" and call.feeder_code:
            feeders.add(call.feeder_code)
        elif screened.code == "passed":
            zones.add(call.zone)
    regroup.several(feeders, actor=actor, now=now)
    for zone in sorted(zones):
        regroup.zone(zone, actor=actor, now=now)
    return new


@dataclass(frozen=True, slots=True)
class _Ready:
    """A report of which is known who made it and where, before it is screened."""

    caller: Caller
    in_force: InForce
    columns: Mapping[str, Any]


def _prepared(trouble: Trouble, grid: Grid, now: datetime) -> _Ready:
    _check(trouble)
    caller = known_caller(
        grid,
        customer_id=trouble.customer_id,
        account_no=trouble.account_no.strip(),
        phone=trouble.phone.strip(),
        address=trouble.address.strip(),
        zone=trouble.zone.strip(),
        transformer=trouble.transformer_code.strip(),
    )
    in_force = in_force_at(caller.unit_code or trouble.unit_code, caller.unit_path or trouble.unit_path, now)
    return _Ready(caller, in_force, _columns(trouble, caller, grid, in_force, now))


def _screened(trouble: Trouble, ready: _Ready) -> tuple[Screened, TroubleCall | None]:
    """How a report is screened, and its call, None where the same report was taken before."""
    at, thresholds = ready.columns["reported_at"], ready.in_force.values
    screened = screen(ready.caller, meter_alive=trouble.meter_alive, at=at, thresholds=thresholds)
    return screened, _write({**ready.columns, **_judged(screened, ready.caller, ready.in_force)})


def _place(
    call: TroubleCall, screened: Screened, grid: Grid, *, in_force: InForce, actor: Actor, now: datetime
) -> Outage | None:
    """Let a call be located that is screened and written; returns the outage it belongs to now, if any."""
    if pranks.is_suspect(call, in_force.values):
        call.state = "open"
        feeders, zones = pranks.mark(call, in_force.values)
        regroup.several(feeders, actor=actor, now=now)
        for zone in sorted(zones):
            regroup.zone(zone, actor=actor, now=now)
        return None
    if screened.outage is not None:
        attaching.attach(call, screened.outage, actor=actor, now=now)
        return screened.outage
    if screened.code != "passed":
        return None
    if call.feeder_code:
        return regroup.feeder(call.feeder_code, grid=grid, actor=actor, now=now).get(call.id)
    return regroup.zone(call.zone, actor=actor, now=now).get(call.id)


def _check(trouble: Trouble) -> None:
    errors: dict[str, list[object]] = {}
    if trouble.source not in SOURCES:
        errors["source"] = [_l("Unknown value “%(value)s”.", value=trouble.source)]
    if not trouble.key.strip():
        errors["key"] = [_l("This is needed.")]
    for name, most in LENGTHS.items():
        if len(getattr(trouble, name)) > most:
            errors.setdefault(name, []).append(_l("At most %(most)s characters.", most=most))
    if errors:
        raise InvalidTrouble(_l("The report is not complete."), errors=errors)


def _columns(trouble: Trouble, caller: Caller, grid: Grid, in_force: InForce, now: datetime) -> dict[str, Any]:
    """The call's columns, before it is screened."""
    reported = trouble.reported_at or trusted(
        trouble.device_at, sent_at=trouble.sent_at, now=now, thresholds=in_force.values
    )
    placed = caller.transformer
    device = grid.info(placed) if placed else None
    unit_code = caller.unit_code or (device.unit_code if device else "") or trouble.unit_code
    unit_path = caller.unit_path or (device.unit_path if device else "") or trouble.unit_path
    return {
        "key": trouble.key,
        "source": trouble.source,
        "order_id": trouble.order_id,
        "order_number": trouble.order_number,
        "customer_id": caller.customer_id,
        "account_no": caller.account_no or trouble.account_no.strip(),
        "phone": spoken(trouble.phone) if trouble.phone else "",
        "address": trouble.address.strip(),
        "zone": caller.zone,
        "transformer_code": placed,
        "feeder_code": (grid.feeder_of(placed) or (device.feeder if device else "")) if placed else "",
        "unit_code": unit_code,
        "unit_path": unit_path,
        "reported_at": min(reported, now),
        "device_at": trouble.device_at,
        "received_at": now,
    }


def _judged(screened: Screened, caller: Caller, in_force: InForce) -> dict[str, Any]:
    """The columns that say how the call was screened."""
    return {
        "screening": screened.code,
        "screening_facts": {"found_by": caller.found_by, **screened.facts, "dmn": list(in_force.rules)},
        "state": "screened" if screened.code in ("cut_off", "meter_alive") else "open",
    }


def _write(columns: Mapping[str, Any]) -> TroubleCall | None:
    """The call, written; None where its key is known already, also to somebody at the same moment."""
    insert = _INSERT["sqlite" if db.is_sqlite() else "postgresql"]
    return session.scalars(insert, [columns]).one_or_none()


def _inserts(insert: Any) -> Any:
    return insert(TroubleCall).on_conflict_do_nothing(index_elements=["key"]).returning(TroubleCall)


_INSERT = {"sqlite": _inserts(sqlite.insert), "postgresql": _inserts(postgresql.insert)}


def _answer(call: TroubleCall, outage: Outage | None, *, new: bool) -> Placed:
    why = outage.why if outage is not None and call.screening == "passed" else call.screening_facts
    return Placed(call.id, outage.number if outage else None, call.screening, why, new)
