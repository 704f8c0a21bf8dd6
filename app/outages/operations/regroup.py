"""Groups re-form as calls, pings and switch states come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.kernel.actor import Actor
from app.network import grid as network
from app.network.grid import Grid
from app.outages.location import Scene, predict, zones
from app.outages.models import Outage
from app.outages.operations import locks, placing_anew
from app.outages.operations.grouping import reading
from app.outages.operations.grouping.reading import Ours
from app.outages.operations.grouping.writing import Frame, reconcile
from app.outages.operations.thresholds import InForce, in_force_at


def feeder(code: str, *, grid: Grid | None = None, actor: Actor, now: datetime) -> Mapping[int, Outage]:
    """Form the groups of a feeder anew from all that is known of it; returns the outage of each call it placed."""
    locks.alone(code)
    grid = grid or network.current(now)
    ours = reading.of_feeder(code)
    if not ours.calls and not ours.outages:
        return {}
    gone = [each.report.id for each in ours.calls.values() if not grid.has(each.report.transformer)]
    if gone:
        return _without(gone, code, grid, actor=actor, now=now)
    in_force = _in_force(grid, code, ours, now)
    opened = {
        outage.device_code: outage.started_at
        for outage in ours.outages.values()
        if outage.kind == "real_device" and grid.stands_open(outage.device_code)
    }
    covered = reading.covered(_reach(grid, ours, opened), ours.outages)
    scene = Scene(
        reports=[each.report for each in ours.calls.values()],
        alive=reading.alive(code, now - reading.MEMORY),
        taken=covered.by_others,
        opened=opened,
    )
    groups = predict(grid, scene, in_force.values)
    frame = Frame(grid=grid, ours=ours, covered=covered.ours, in_force=in_force, zone="", actor=actor, now=now)
    return reconcile(groups, frame)


def _without(gone: list[int], code: str, grid: Grid, *, actor: Actor, now: datetime) -> Mapping[int, Outage]:
    """The same once calls of transformers that have left the grid stand where they belong now."""
    elsewhere = placing_anew.place_anew(gone, grid)
    placed = dict(feeder(code, grid=grid, actor=actor, now=now))
    for other in sorted(elsewhere.feeders - {code}):
        placed.update(feeder(other, grid=grid, actor=actor, now=now))
    for name in sorted(elsewhere.zones):
        placed.update(zone(name, actor=actor, now=now))
    return placed


def zone(name: str, *, actor: Actor, now: datetime) -> Mapping[int, Outage]:
    """Form the groups of an address zone's calls that have no place in the grid; returns the outage of each."""
    locks.alone("", name)
    ours = reading.of_zone(name)
    if not ours.calls and not ours.outages:
        return {}
    grid = network.current(now)
    in_force = _in_force(grid, "", ours, now)
    groups = zones(name, [each.report for each in ours.calls.values()], in_force.values)
    frame = Frame(grid=grid, ours=ours, covered={}, in_force=in_force, zone=name, actor=actor, now=now)
    return reconcile(groups, frame)


def several(feeders: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Form the groups of several feeders anew, alone with all of them before the first is changed."""
    codes = sorted({each for each in feeders if each})
    locks.alone_with_all(codes)
    for code in codes:
        feeder(code, actor=actor, now=now)


def _in_force(grid: Grid, feeder_code: str, ours: Ours, now: datetime) -> InForce:
    """The thresholds of the unit whose feeder it is; of calls without a place, of the caller's unit."""
    unit_code, unit_path = "", ""
    if feeder_code and grid.has(feeder_code):
        device = grid.info(feeder_code)
        unit_code, unit_path = device.unit_code, device.unit_path
    if not unit_code:
        first = next(iter(ours.calls.values()), None)
        unit_code, unit_path = (first.unit_code, first.unit_path) if first else ("", "")
    return in_force_at(unit_code, unit_path, now)


def _reach(grid: Grid, ours: Ours, opened: Iterable[str]) -> set[str]:
    """The transformers that a group of these calls could cover."""
    called = {each.report.transformer for each in ours.calls.values() if each.report.transformer}
    tops = set(opened)
    for transformer in called:
        above, opened_above = grid.upstream(transformer), grid.open_above(transformer)
        tops.update({above[-1] if above else transformer} | ({opened_above} if opened_above else set()))
    return called | {code for top in tops for code in grid.transformers_under(top)}
