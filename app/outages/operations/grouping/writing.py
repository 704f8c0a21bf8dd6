"""Change rows so that the stored outages are the computed groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.kernel.actor import Actor
from app.kernel.db import session, table
from app.network.grid import Grid
from app.outages import hooks
from app.outages.location import Group
from app.outages.models import Outage, TroubleCall
from app.outages.operations import members, process, storm_mode, trace
from app.outages.operations.grouping.matching import match
from app.outages.operations.grouping.reading import HAND, Ours
from app.outages.operations.making import device_facts, new_outage
from app.outages.operations.thresholds import InForce

CALL = table(TroubleCall)

MOST_REASONS = 12
"""The last steps of a decision that are kept: a feeder with hundreds of calls has hundreds of first steps."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every step of a regrouping shares; `covered` are devices of our outages, `zone` is empty on a feeder."""

    grid: Grid
    ours: Ours
    covered: Mapping[int, set[str]]
    in_force: InForce
    zone: str
    actor: Actor
    now: datetime


@dataclass(slots=True)
class Pair:
    """A group and the outage it is; `had` what that covered, `calls` which calls it held before."""

    group: Group
    outage: Outage | None
    had: set[str] = field(default_factory=set)
    calls: set[int] = field(default_factory=set)
    customers: set[int] = field(default_factory=set)
    emptied: bool = False


def reconcile(groups: Sequence[Group], frame: Frame) -> dict[int, Outage]:
    """Make the stored outages equal to these groups; returns the outage of each call."""
    with session.no_autoflush:  # an outage is written once, with all that changed of it
        found = _reconcile(groups, frame)
    session.flush()
    return found


def _reconcile(groups: Sequence[Group], frame: Frame) -> dict[int, Outage]:
    pairs = _pairs(groups, frame)
    kept = {pair.outage.id for pair in pairs if pair.outage is not None}
    over = [outage for outage in frame.ours.outages.values() if outage.id not in kept]
    if over:
        members.release_all(*over)
    for pair in pairs:
        _release(pair)
    heirs: dict[int, Outage] = {}
    for pair in pairs:
        outage = _settle(pair, frame)
        heirs.update(dict.fromkeys(pair.group.reports, outage))
    for outage in over:
        _end(outage, heirs, frame)
    return heirs


def _pairs(groups: Sequence[Group], frame: Frame) -> list[Pair]:
    held: dict[int, set[int]] = {}
    for call_id, each in frame.ours.calls.items():
        if each.outage_id is not None:
            held.setdefault(each.outage_id, set()).add(call_id)
    pairs = [Pair(group, outage) for group, outage in match(groups, frame.ours)]
    for pair in pairs:
        asked = (frame.ours.calls[call_id].customer_id for call_id in pair.group.reports)
        pair.customers = {customer_id for customer_id in asked if customer_id is not None}
        if pair.outage is not None:
            pair.had = set(frame.covered.get(pair.outage.id, ()))
            pair.calls = held.get(pair.outage.id, set())
    return pairs


def _release(pair: Pair) -> None:
    """First everybody gives up what is no longer theirs, so that nobody is in two outages even for a moment."""
    outage, covers = pair.outage, pair.group.covers
    if outage is None:
        return
    if bool(pair.had) != bool(covers):
        members.release_all(outage)
        pair.had, pair.emptied = set(), True
    elif covers:
        members.release(outage, pair.had - covers)
    elif pair.calls != set(pair.group.reports):
        members.release_customers(outage, pair.customers)


def _settle(pair: Pair, frame: Frame) -> Outage:
    """Give a group its outage: a new one, or the one it was, moved and with other calls."""
    group, outage = pair.group, pair.outage
    if outage is None:
        outage = _create(pair, frame)
        _fill(outage, pair, frame)
        _tell(outage, "predicted", "created", {}, frame)
        return outage
    shared = outage.kind.endswith("_device")
    moved = outage.device_code != group.device or shared != _shared(group)
    if not moved and not pair.emptied and pair.had == group.covers and pair.calls == set(group.reports):
        return outage
    before = {"before": outage.device_name, "before_kind": outage.device_kind if shared else "meter"}
    _fill(outage, pair, frame)
    if moved:
        _tell(outage, "regrouped", "regrouped", before, frame)
    else:
        hooks.emit("changed", outage, actor=frame.actor, now=frame.now)
    return outage


def _fill(outage: Outage, pair: Pair, frame: Frame) -> None:
    """Write where the group stands and why, its calls, devices and customers."""
    group = pair.group
    moved_in_time = pair.outage is not None and outage.started_at != group.started_at
    if pair.outage is not None:
        for name, value in _described(group, frame).items():
            setattr(outage, name, value)
    attach([call_id for call_id in group.reports if call_id not in pair.calls], outage)
    outage.calls = len(group.reports) + frame.ours.by_hand.get(outage.id, 0)
    if group.covers:
        members.take(outage, group.covers - pair.had, out_at=outage.started_at)
    else:
        members.take_customers(outage, pair.customers, out_at=outage.started_at)
    if moved_in_time:
        members.out_since_it_began(outage)


def _tell(outage: Outage, event: str, hook: str, params: Mapping[str, object], frame: Frame) -> None:
    why = {"rule": outage.why["rule"], "facts": outage.why["facts"], **trace.device(outage)}
    trace.event(outage, event, actor=frame.actor, now=frame.now, params={**why, **params})
    if hook == "created":
        process.follow_later(outage, now=frame.now)
    hooks.emit(hook, outage, actor=frame.actor, now=frame.now)


def _create(pair: Pair, frame: Frame) -> Outage:
    """Write a new outage; where customers are named it is written with their number, so as to be written once."""
    group, named = pair.group, 0 if pair.group.covers else len(pair.customers)
    first = frame.ours.calls[group.reports[0]] if group.reports else None
    path = first.unit_path if first else ""
    outage = new_outage(
        storm_id=storm_mode.storm_of(path, frame.now) if path else None,
        calls=len(group.reports),
        customers_total=named,
        customers_out=named,
        now=frame.now,
        **{"unit_code": first.unit_code if first else "", "unit_path": path, **_described(group, frame)},
    )
    outage.customers_total = outage.customers_out = 0  # `members` counts those whom it takes
    return outage


def _described(group: Group, frame: Frame) -> dict[str, Any]:
    """The columns that say where a group stands, since when and why."""
    where = group.device or (frame.ours.calls[group.reports[0]].report.transformer if group.reports else "")
    last = group.reasons[-1]
    why = {
        "rule": last.rule,
        "device": last.device,
        "facts": dict(last.facts),
        "reasons": [
            {"rule": reason.rule, "device": reason.device, "facts": dict(reason.facts)}
            for reason in group.reasons[-MOST_REASONS:]
        ],
        "left_out": max(0, len(group.reasons) - MOST_REASONS),
        "at": frame.now.isoformat(),
        **frame.in_force.kept(),
    }
    return {
        **device_facts(frame.grid, where, named=bool(group.device)),
        "zone": frame.zone,
        "kind": "real_device" if group.real else "probable_device" if _shared(group) else "probable_service",
        "started_at": group.started_at,
        "why": why,
    }


def _shared(group: Group) -> bool:
    """Whether it is more than one customer's."""
    return bool(group.device or group.zone)


_ATTACH = (
    sa.update(CALL)
    .where(CALL.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(
        outage_id=sa.bindparam("outage"),
        state="attached",
        placed_by=sa.bindparam("by"),
        revision=CALL.c.revision + 1,
    )
)
_HAND_ON = (
    sa.update(CALL)
    .where(CALL.c.outage_id == sa.bindparam("source"), CALL.c.placed_by == HAND)
    .values(outage_id=sa.bindparam("heir"), revision=CALL.c.revision + 1)
)


def attach(call_ids: Sequence[int], outage: Outage, *, by: str = "rule") -> None:
    """Let calls belong to an outage."""
    for start in range(0, len(call_ids), 500):
        session.execute(_ATTACH, {"ids": call_ids[start : start + 500], "outage": outage.id, "by": by})
    for call_id in call_ids:
        known = session.identity_map.get(identity_key(TroubleCall, call_id))
        if known is not None:  # it need not be read again
            now_is = {"outage_id": outage.id, "state": "attached", "placed_by": by, "revision": known.revision + 1}
            for name, value in now_is.items():
                set_committed_value(known, name, value)


def _end(outage: Outage, heirs: Mapping[int, Outage], frame: Frame) -> None:
    """A prediction that nothing supports any more goes into the outage that took most of its calls, if any did."""
    heir = _heir(outage, frame.ours, heirs)
    outage.status, outage.closed_at = "cancelled", frame.now
    if heir is not None:
        outage.joined_into_id = heir.id
        if outage.id in frame.ours.by_hand:
            session.execute(_HAND_ON, {"source": outage.id, "heir": heir.id})
            heir.calls += frame.ours.by_hand[outage.id]
    else:
        outage.kind = "non_outage"
    params = {"into": heir.number} if heir else {}
    trace.event(outage, "joined" if heir else "withdrawn", actor=frame.actor, now=frame.now, params=params)
    hooks.emit("closed", outage, actor=frame.actor, now=frame.now)


def _heir(outage: Outage, ours: Ours, heirs: Mapping[int, Outage]) -> Outage | None:
    moved: Collection[Outage] = [
        heirs[call_id] for call_id, each in ours.calls.items() if each.outage_id == outage.id and call_id in heirs
    ]
    taken = Counter(heir.id for heir in moved)
    if not taken:
        return None
    chosen = min(taken, key=lambda heir_id: (-taken[heir_id], heir_id))
    return next(heir for heir in moved if heir.id == chosen)
