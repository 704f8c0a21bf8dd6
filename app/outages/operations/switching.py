"""A switch was operated: what is below may have lost supply, or got it back, or hang on another feeder now.

Called in the transaction of the operation, for every operation. An opening that no planned or confirmed outage
explains is an outage by itself (a trip), known without a call; closing it again ends it, within the threshold
as a momentary one.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid as network
from app.network.grid import Grid
from app.outages import hooks
from app.outages.models import Outage, TroubleCall
from app.outages.operations import ending, members, process, regroup, storm_mode, trace
from app.outages.operations.grouping import reading
from app.outages.operations.making import device_facts, new_outage
from app.outages.operations.thresholds import thresholds_for


def follow(code: str, phases: str, now: datetime) -> None:
    """Bring outages up to date after an operation of this switch."""
    grid = network.current(now)
    if not grid.has(code):
        return
    feeders = _moved_calls(grid)
    feeders |= {grid.feeder_of(code), grid.info(code).feeder}
    if grid.normal(code) and phases != grid.normal(code):
        _opened(grid, code, now)
    _supplied_again(grid, now)
    regroup.several(feeders, actor=SYSTEM, now=now)


def _opened(grid: Grid, code: str, now: datetime) -> None:
    """Write the outage of a switch that opened, unless others explain all that is dead below it."""
    dead = [each for each in grid.transformers_under(code) if grid.open_above(each)]
    uncovered = set(dead) - reading.taken(dead, _predicted(dead))
    if not uncovered or not any(grid.customers_under(each) for each in uncovered):
        return
    known = session.scalar(
        sa.select(Outage.id).where(
            Outage.device_code == code, Outage.status == "predicted", Outage.kind == "real_device"
        )
    )
    if known is not None:
        return
    device = grid.info(code)
    outage = new_outage(
        kind="real_device",
        started_at=now,
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
    members.take(outage, uncovered - members.devices_elsewhere(uncovered), out_at=now)
    members.count(outage)
    params = {"rule": "open_switch", "facts": facts, **trace.device(outage)}
    trace.event(outage, "predicted", actor=SYSTEM, now=now, params=params)
    process.begin(outage, actor=SYSTEM, now=now)
    hooks.emit("created", outage, actor=SYSTEM, now=now)


def _predicted(transformers: list[str]) -> set[int]:
    """Mere predictions that cover these: a known open switch goes before them."""
    found: set[int] = set()
    devices = members.DEVICE
    for start in range(0, len(transformers), 500):
        query = (
            sa.select(Outage.id)
            .join(devices, devices.c.outage_id == Outage.id)
            .where(
                devices.c.device_code.in_(transformers[start : start + 500]),
                devices.c.active,
                Outage.status == "predicted",
                Outage.locked.is_(False),
                Outage.nature == "unplanned",
            )
        )
        found.update(session.scalars(query))
    return found


def _supplied_again(grid: Grid, now: datetime) -> None:
    """End the outages of switches that stand as they normally do again, where all below has supply."""
    open_now = set(grid.open_switches())
    waiting = session.scalars(
        sa.select(Outage).where(
            Outage.kind == "real_device",
            Outage.status == "predicted",
            Outage.locked.is_(False),
            Outage.nature == "unplanned",
        )
    ).all()
    for outage in waiting:
        if outage.device_code in open_now or not grid.has(outage.device_code):
            continue
        covered = members.devices_of([outage.id])[outage.id]
        if not any(grid.has(code) and grid.open_above(code) for code in covered):
            ending.supplied_again(outage, at=now, actor=SYSTEM, now=now)


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
        session.expire_all()
        _let_go(grid, feeders, now_at=at)
    return feeders


def _let_go(grid: Grid, feeders: set[str], now_at: dict[str, str]) -> None:
    """Predictions of these feeders give up what hangs elsewhere now, before anybody takes it."""
    outages = session.scalars(
        sa.select(Outage).where(
            Outage.feeder_code.in_(feeders),
            Outage.status == "predicted",
            Outage.locked.is_(False),
            Outage.nature == "unplanned",
        )
    ).all()
    for outage in outages:
        covered = members.devices_of([outage.id])[outage.id]
        gone = {
            code
            for code in covered
            if grid.has(code) and (now_at.get(code) or grid.feeder_of(code)) not in ("", outage.feeder_code)
        }
        members.release(outage, gone)
