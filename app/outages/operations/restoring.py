"""Supply comes back (恢复供电), at once or in steps: one row of `outage_step` for each step.

A step names the devices whose customers have supply again. Its customer-minutes are counted customer by
customer from `out_at`, so that the sum over the steps of an outage equals the sum over its customers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.network import grid
from app.network.grid import Grid
from app.network.grid.supply import Supply
from app.outages import hooks
from app.outages.models import Outage, OutageCustomer, OutageDevice
from app.outages.operations import confirming, locks, low_voltage, overlapping, steps, trace
from app.outages.operations.find import open_outage, require_open
from app.outages.rights import MANAGE

BACK = frozenset({"restored", "verifying"})
"""States in which everybody has supply again."""

NOT_YET = frozenset({"drafted", "reviewed", "approved", "noticed"})
"""States of planned outages in which nobody is out yet."""


class NothingOut(Conflict):
    """Nobody of this outage is out (there, or at all)."""

    code = "nothing_out"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a step did: its number, how many customers it brought back, how many are still out."""

    step: int
    customers: int
    customer_minutes: float
    still_out: int


def restore(
    number: str,
    devices: Sequence[str] = (),
    *,
    at: datetime | None = None,
    note: str = "",
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> Restored:
    """Bring back the customers below these devices, or all of the outage where none is named.

    `at` is when supply came back (by default now): not in the future, not before somebody lost it.
    Raises `OutageNotFound`, `OutageOver`, `Forbidden`, `NothingOut`, `Invalid`.
    """
    outage = open_outage(number, revision=revision)
    authority.require(actor, MANAGE, unit_path=outage.unit_path, now=now)
    return bring_back(outage, devices, at=at, note=note, actor=actor, now=now)


def bring_back(
    outage: Outage,
    devices: Sequence[str] = (),
    *,
    at: datetime | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Restored:
    """`restore` without asking for the right: for steps of processes and for what other systems report."""
    at = at or now
    require_open(outage)
    if outage.status in NOT_YET:
        raise NothingOut(_l("Outage %(number)s has not begun.", number=outage.number))
    if outage.status in BACK:
        raise NothingOut(_l("Supply of outage %(number)s is back already.", number=outage.number))
    if at > now:
        raise Invalid(_l("Supply cannot come back in the future."), errors={"at": [_l("This lies in the future.")]})
    covered = below(devices, now) if devices else None
    low = low_voltage.customers(devices, grid.current(now)) if devices else []
    if outage.status == "predicted" and outage.nature == "unplanned":
        _no_prediction_any_more(outage, covered, low, actor=actor, now=now)
    came, minutes = _customers_back(outage, covered, low, at)
    given = overlapping.give_back(outage, covered, at=at)
    if devices and not came and not given:
        raise NothingOut(_l("Nobody of outage %(number)s is out below these devices.", number=outage.number))
    _devices_back(outage, covered)
    still_out = _count(outage)
    done = still_out == 0 and not overlapping.keeps_any(outage)
    step = steps.add_step(outage, "restored", steps.named(devices), came, minutes, at=at, note=note, actor=actor)
    outage.customers_out, outage.customers_restored = still_out, outage.customers_restored + came
    outage.status = "restored" if done else "partially_restored"
    if done:
        outage.restored_at = at
        _devices_back(outage, None)
    params = {"devices": list(devices), "customers": came, "still_out": still_out, "at": at.isoformat(), "note": note}
    trace.event(outage, "restored" if done else "step", actor=actor, now=now, params=params)
    audit.record(
        "outage.restored",
        actor=actor,
        now=now,
        subject_type="outage",
        subject_id=outage.number,
        unit_path=outage.unit_path,
        details={"step": step.n, "customers": came, "still_out": still_out},
    )
    session.flush()
    overlapping.move_on(outage, overlapping.back(outage, at=at) if came else (), actor=actor, now=now)
    hooks.emit("restored", outage, actor=actor, now=now)
    tell(outage, "outage_restored" if done else "outage_step", {"customers_out": still_out}, actor=actor, now=now)
    return Restored(step.n, came, minutes, still_out)


def check_part(outage: Outage, devices: Sequence[str], *, now: datetime) -> None:
    """Refuse a step of restoration below whose devices nobody is out any more. Raises `Invalid`."""
    codes, low = below(devices, now), low_voltage.customers(devices, grid.current(now))
    out = sa.select(OutageCustomer.id).where(*_active(outage, codes, low)).limit(1)
    if session.scalar(out) is None and not overlapping.keeps_any(outage, codes):
        message = _l("Nobody of outage %(number)s is out below these devices.", number=outage.number)
        raise Invalid(message, errors={"restore_devices": [message]})


def below(devices: Iterable[str], now: datetime) -> set[str]:
    """The devices themselves and all transformers, or branches and meter boxes of low voltage, below them.

    As switches stand; of one that stands open, which supplies nobody now, as it normally is.
    """
    seen = grid.current(now)
    normal: Grid | None = None
    found: set[str] = set()
    for code in devices:
        found.add(code)
        if not seen.has(code):
            continue
        under = seen.transformers_under(code)
        if not under and not seen.low_under(code):
            normal = normal or Grid(seen.topology, Supply.normal(seen.topology), seen.placed)
            under = normal.transformers_under(code)
        found.update(under or seen.low_under(code))
    return found


def tell(outage: Outage, message: str, payload: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Tell the outage's process; where nobody waits for it, nothing happens."""
    engine.publish(message, correlation={"business_key": outage.number}, payload=payload, actor=actor, now=now)


def _no_prediction_any_more(
    outage: Outage, covered: set[str] | None, low: Collection[int], *, actor: Actor, now: datetime
) -> None:
    """Whose supply came back was out: re-forming the group must not take that back, nor anybody judge it again."""
    locks.hold(outage, grid.current(now))
    still_out = _count(outage) - sum(n for _out_at, n in _lost(outage, covered, low))
    if still_out:
        confirming.settle(outage, actor=actor, now=now)
    else:
        confirming.recognise(outage, actor=actor, now=now)


def _lost(outage: Outage, covered: set[str] | None, low: Collection[int]) -> list[tuple[datetime, int]]:
    """Since when how many customers are out."""
    query = sa.select(OutageCustomer.out_at, sa.func.count()).where(*_active(outage, covered, low))
    return [(out_at, n) for out_at, n in session.execute(query.group_by(OutageCustomer.out_at))]


def _active(outage: Outage, covered: set[str] | None, low: Collection[int]) -> list[Any]:
    where = [OutageCustomer.outage_id == outage.id, OutageCustomer.active]
    if covered is not None:
        among = OutageCustomer.transformer_code.in_(covered)
        where.append(sa.or_(among, OutageCustomer.customer_id.in_(list(low))) if low else among)
    return where


def _customers_back(outage: Outage, covered: set[str] | None, low: Collection[int], at: datetime) -> tuple[int, float]:
    """Set the customers back; returns how many and the minutes they were out together."""
    groups = _lost(outage, covered, low)
    for out_at, _n in groups:
        if out_at > at:
            message = _l("Supply cannot come back before it was lost.")
            raise Invalid(message, errors={"at": [message]})
    minutes = sum((at - out_at).total_seconds() / 60 * n for out_at, n in groups)
    if groups:
        session.execute(
            sa.update(OutageCustomer)
            .where(*_active(outage, covered, low))
            .values(restored_at=at, active=False)
            .execution_options(synchronize_session=False)
        )
    return sum(n for _out_at, n in groups), round(minutes, 3)


def _devices_back(outage: Outage, covered: set[str] | None) -> None:
    where = [OutageDevice.outage_id == outage.id, OutageDevice.active]
    if covered is not None:
        where.append(OutageDevice.device_code.in_(covered))
    session.execute(
        sa.update(OutageDevice).where(*where).values(active=False).execution_options(synchronize_session=False)
    )


def _count(outage: Outage) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(OutageCustomer)
            .where(OutageCustomer.outage_id == outage.id, OutageCustomer.active)
        )
        or 0
    )
