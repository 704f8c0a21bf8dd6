"""A switch was operated: what is below may have lost supply, or got it back, or hang on another feeder now.

Called in the transaction of the operation, for every operation. An opening that no planned or confirmed outage
explains is an outage by itself (a trip), known without a call. What has supply again ends it or is a step of its
restoration (also what a tie supplies from another feeder, out again where that opens); within the threshold it was
momentary. An outage that a hand has touched is that person's to restore.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.kernel import clock, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid as network
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import OUT, PREDICTION, Outage, OutageCustomer, OutageEvent, TroubleCall
from app.outages.operations import (
    attaching,
    ending,
    locks,
    members,
    process,
    regroup,
    restoring,
    steps,
    storm_mode,
    trace,
)
from app.outages.operations.clocks import trusted
from app.outages.operations.grouping import reading
from app.outages.operations.making import device_facts, new_outage
from app.outages.operations.thresholds import thresholds_for

JOB = "outages.structure"


def follow(code: str, phases: str, happened: datetime, now: datetime) -> None:
    """Bring outages up to date after an operation of this switch, which we may hear of late."""
    grid = network.current(now)
    if not grid.has(code):
        return
    at = _believed(grid, code, happened, now)
    feeders = {grid.feeder_of(code), grid.info(code).feeder}
    again = _supplied_again(grid)
    locks.alone_with_all(feeders | {outage.feeder_code for outage, _codes in again})
    for outage, codes in again:
        _give_back(outage, codes, at, now)
    feeders |= _moved_calls(grid)
    if grid.normal(code) and phases != grid.normal(code):
        _opened(grid, code, at, now)
    elif not phases:
        for taker in _takers(grid, code):
            _opened(grid, taker, at, now)
    _join_known(feeders, now)
    regroup.several(feeders, actor=SYSTEM, now=now)


def structure_changed() -> None:
    """A listener of `network.on_structure`: where reports wait, their place is looked at after the commit."""
    waiting = sa.select(TroubleCall.id).where(TroubleCall.state.in_(["open", "attached"])).limit(1)
    if session.scalar(waiting) is not None:
        jobs.enqueue(JOB, {}, now=clock.now())


def follow_structure(now: datetime) -> None:
    """Calls and predictions whose transformer hangs on another feeder since devices changed."""
    feeders = _moved_calls(network.current(now))
    _join_known(feeders, now)
    regroup.several(feeders, actor=SYSTEM, now=now)


def _takers(grid: Grid, tie: str) -> list[str]:
    """The switches, open but normally closed, to which what a tie supplied until now goes back without supply."""
    topology = grid.topology
    edge = topology.switches[topology.switch_places[tie]].edge
    ends = (topology.codes[topology.one[edge]], topology.codes[topology.two[edge]])
    return list(dict.fromkeys(taker for end in ends if (taker := grid.open_above(end))))


def _believed(grid: Grid, code: str, happened: datetime, now: datetime) -> datetime:
    """When it happened, as far as a device's clock can be right."""
    values = thresholds_for(grid.info(code).unit_code, storm=False, now=now).values
    return trusted(happened, now=now, thresholds=values)


def _opened(grid: Grid, code: str, at: datetime, now: datetime) -> None:
    """Write the outage of a switch that opened, unless others explain all that is dead below it.

    Where it has an outage already, what has lost supply only now is out again in that one.
    """
    dead = [each for each in grid.transformers_under(code) if grid.open_above(each)]
    uncovered = set(dead) - reading.taken(dead, _predicted(dead))
    if not uncovered or not any(grid.customers_under(each) for each in uncovered):
        return
    at = max([at, *(_back_since(uncovered, at) if at < now else ())])
    known = session.scalar(
        sa.select(Outage)
        .where(Outage.device_code == code, Outage.status.in_(OUT), Outage.nature == "unplanned")
        .order_by(Outage.id)
        .limit(1)
    )
    if known is not None and known.kind != "probable_device":
        _out_again(known, uncovered, at, now)
    elif known is None:
        _trip(grid, code, uncovered, at, now)


def _back_since(transformers: set[str], at: datetime) -> list[datetime]:
    """The last instant after `at` when somebody here got supply back: they cannot have lost it again before."""
    codes, found = sorted(transformers), []
    lately = sa.select(Outage.id).where(sa.or_(Outage.closed_at.is_(None), Outage.closed_at > at))
    for start in range(0, len(codes), 500):
        query = sa.select(sa.func.max(OutageCustomer.restored_at)).where(
            OutageCustomer.outage_id.in_(lately),
            OutageCustomer.transformer_code.in_(codes[start : start + 500]),
            OutageCustomer.restored_at > at,
        )
        found += [last for last in session.scalars(query) if last is not None]
    return found


def _out_again(outage: Outage, uncovered: set[str], at: datetime, now: datetime) -> None:
    """What was supplied from elsewhere meanwhile has lost that supply: a second interruption of the same outage."""
    free = uncovered - members.devices_elsewhere(uncovered)
    if not free:
        return
    members.take(outage, free, out_at=at)
    members.count(outage)
    if outage.customers_restored or outage.confirmed_at is not None:
        steps.note_out(outage, at=at, actor=SYSTEM)
    params = {"rule": "open_switch", "facts": {"calls": 0, "transformers": len(free)}, **trace.device(outage)}
    trace.event(outage, "predicted", actor=SYSTEM, now=now, params=params)
    session.flush()
    hooks.emit("changed", outage, actor=SYSTEM, now=now)


def _trip(grid: Grid, code: str, uncovered: set[str], at: datetime, now: datetime) -> None:
    device = grid.info(code)
    outage = new_outage(
        kind="real_device",
        started_at=at,
        unit_code=device.unit_code,
        unit_path=device.unit_path,
        storm_id=storm_mode.storm_of(device.unit_path, now),
        now=now,
    )
    for name, value in device_facts(grid, code).items():
        setattr(outage, name, value)
    in_force = thresholds_for(device.unit_code, storm=outage.storm_id is not None, now=now)
    facts = {"calls": 0, "transformers": len(uncovered)}
    reason = {"rule": "open_switch", "device": code, "facts": facts}
    outage.why = {**reason, "reasons": [reason], "left_out": 0, "at": now.isoformat(), **in_force.kept()}
    session.flush()
    members.take(outage, uncovered - members.devices_elsewhere(uncovered), out_at=at)
    members.count(outage)
    params = {"rule": "open_switch", "facts": facts, **trace.device(outage)}
    trace.event(outage, "predicted", actor=SYSTEM, now=now, params=params)
    process.begin(outage, actor=SYSTEM, now=now)
    hooks.emit("created", outage, actor=SYSTEM, now=now)


def _predicted(transformers: list[str]) -> set[int]:
    """Mere predictions that cover these: a known open switch goes before them, but not before another."""
    found: set[int] = set()
    devices = members.DEVICE
    for start in range(0, len(transformers), 500):
        query = (
            sa.select(Outage.id)
            .join(devices, devices.c.outage_id == Outage.id)
            .where(
                devices.c.device_code.in_(transformers[start : start + 500]),
                devices.c.active,
                Outage.kind != "real_device",
                PREDICTION,
            )
        )
        found.update(session.scalars(query))
    return found


HANDS = ("confirmed", "joined_in", "split_from")
"""What a person does that makes an outage theirs, as its time-line tells it."""


def _tripped() -> list[Outage]:
    """Outages known by an open switch that nobody has touched: predicted, or confirmed by rule."""
    touched = sa.exists().where(
        OutageEvent.outage_id == Outage.id, OutageEvent.kind.in_(HANDS), OutageEvent.actor != SYSTEM.ref
    )
    query = sa.select(Outage).where(
        Outage.kind.in_(("real_device", "confirmed_device")),
        Outage.status.in_(OUT),
        Outage.nature == "unplanned",
        Outage.parent_id.is_(None),
        ~touched,
    )
    return [outage for outage in session.scalars(query.order_by(Outage.id)) if outage.why.get("rule") == "open_switch"]


def _supplied_again(grid: Grid) -> list[tuple[Outage, list[str]]]:
    """Such outages with what has supply again below their switch; nothing named where that is all of it."""
    tripped = _tripped()
    covered = members.devices_of([outage.id for outage in tripped])
    open_now = set(grid.open_switches())
    found: list[tuple[Outage, list[str]]] = []
    for outage in tripped:
        codes = {code for code in covered[outage.id] if grid.has(code)}
        dead = {code for code in codes if grid.open_above(code)}
        if not dead and outage.device_code not in open_now and grid.has(outage.device_code):
            found.append((outage, []))
        elif codes - dead:
            found.append((outage, sorted(codes - dead)))
    return found


def _give_back(outage: Outage, codes: list[str], at: datetime, now: datetime) -> None:
    """All of it ends a prediction and restores what was confirmed; a part is a step."""
    lost = sa.select(sa.func.max(OutageCustomer.out_at)).where(
        OutageCustomer.outage_id == outage.id, OutageCustomer.active
    )
    at = max(at, session.scalar(lost) or at)  # what was lost later by our clock cannot have come back before
    if codes or outage.locked:
        restoring.bring_back(outage, codes, at=at, actor=SYSTEM, now=now)
    else:
        ending.supplied_again(outage, at=at, actor=SYSTEM, now=now)


def _moved_calls(grid: Grid) -> set[str]:
    """Calls and predictions whose transformer hangs on another feeder now; returns the feeders concerned."""
    feeders: set[str] = set()
    rows = session.execute(
        sa.select(TroubleCall.id, TroubleCall.transformer_code, TroubleCall.feeder_code).where(
            TroubleCall.state.in_(["open", "attached"]),
            TroubleCall.transformer_code != "",
            TroubleCall.placed_by == "rule",
        )
    ).all()
    at: dict[str, str] = {}
    for call_id, transformer, feeder in rows:
        if transformer not in at:
            at[transformer] = grid.feeder_of(transformer) if grid.has(transformer) else feeder
        if at[transformer] and at[transformer] != feeder:
            feeders |= {feeder, at[transformer]}
            session.execute(
                sa.update(TroubleCall)
                .where(TroubleCall.id == call_id)
                .values(feeder_code=at[transformer], revision=TroubleCall.revision + 1)
                .execution_options(synchronize_session=False)
            )
    if feeders:
        session.flush()
        session.expire_all()
        _carry(grid, feeders)
        _let_go(grid, feeders, now_at=at)
    return feeders


def _predictions(feeders: set[str]) -> Sequence[Outage]:
    """The predictions of these feeders that may be formed anew."""
    return session.scalars(
        sa.select(Outage).where(
            Outage.feeder_code.in_(feeders),
            PREDICTION,
        )
    ).all()


def _carry(grid: Grid, feeders: set[str]) -> None:
    """Predictions all of whose calls hang on another feeder now go there, number and all; others let those calls go."""
    for outage in _predictions(feeders):
        calls = session.scalars(
            sa.select(TroubleCall).where(TroubleCall.outage_id == outage.id, TroubleCall.placed_by == "rule")
        ).all()
        on = {call.feeder_code for call in calls}
        if not calls or on == {outage.feeder_code}:
            continue
        if len(on) == 1 and outage.kind != "real_device":
            (outage.feeder_code,) = on
            feeder = grid.info(outage.feeder_code) if grid.has(outage.feeder_code) else None
            outage.feeder_name, outage.feeder_name_en = (feeder.name, feeder.name_en) if feeder else ("", "")
            continue
        for call in calls:
            if call.feeder_code != outage.feeder_code:
                call.outage_id, call.state = None, "open"
                outage.calls -= 0 if call.suspect else 1
    session.flush()


def _join_known(feeders: set[str], now: datetime) -> None:
    """Calls that were let go and lie below an outage that is known (locked) belong to it, as a new call would."""
    waiting = (
        sa.select(TroubleCall, Outage)
        .join(members.DEVICE, members.DEVICE.c.device_code == TroubleCall.transformer_code)
        .join(Outage, Outage.id == members.DEVICE.c.outage_id)
        .where(
            TroubleCall.feeder_code.in_(sorted(feeders)),
            TroubleCall.state == "open",
            TroubleCall.outage_id.is_(None),
            TroubleCall.suspect.is_(False),
            TroubleCall.screening == "passed",
            members.DEVICE.c.active,
            Outage.locked,
            Outage.status.in_(OUT),
        )
        .order_by(TroubleCall.id)
    )
    for call, outage in session.execute(waiting).all():
        attaching.attach(call, outage, actor=SYSTEM, now=now)


def _let_go(grid: Grid, feeders: set[str], now_at: dict[str, str]) -> None:
    """Predictions of these feeders give up what hangs elsewhere now, before anybody takes it."""
    for outage in _predictions(feeders):
        covered = members.devices_of([outage.id])[outage.id]
        gone = {
            code
            for code in covered
            if grid.has(code) and (now_at.get(code) or grid.feeder_of(code)) not in ("", outage.feeder_code)
        }
        members.release(outage, gone)
