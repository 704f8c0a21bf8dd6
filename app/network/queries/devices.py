"""Devices for people: found by what they type, the tree of feeders, one device with its history. Scoped by unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.i18n import localized
from app.kernel.search.words import normalize
from app.network.grid import UnknownDevice, current
from app.network.grid.model import Device, Grid, Trace
from app.network.models import GridNode, MeterBox, Substation, Switching

FOUND = 50
SHOWN_HISTORY = 50
LISTED = 200
"""Of a long list of devices so many are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A device in a list. `state`: live, dead, partly; of a switch its position is `position`. `seen`: the reader may
    look at it; of other units they are told no more than this line.
    """

    code: str
    name: str
    kind: str
    feeder: str
    state: str
    position: str = ""
    seen: bool = True


@dataclass(frozen=True, slots=True)
class FeederLine:
    """A feeder in the tree: customers that it supplies, and transformers of its own that are dead."""

    code: str
    name: str
    name_en: str
    unit_code: str
    breaker: str
    position: str
    customers: int
    transformers: int
    dead: int


@dataclass(frozen=True, slots=True)
class SubstationLine:
    """A substation with its feeders."""

    code: str
    name: str
    name_en: str
    feeders: tuple[FeederLine, ...]
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a switch as history shows it."""

    at: datetime
    device_at: datetime | None
    switch_code: str
    switch_name: str
    seen: bool
    before: str
    after: str
    by: str
    by_name: str
    reason: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class DeviceView:
    """All that a device's page shows."""

    device: Device
    position: str
    normal: str
    state: str
    live_phases: str
    feeder_now: str
    open_above: Line | None
    up: tuple[Line, ...]
    down: tuple[Line, ...]
    more_down: int
    trace: Trace
    ways: tuple[Line, ...]
    history: tuple[Operation, ...]
    breaker: Line | None = None


def search(text: str, *, now: datetime, paths: Sequence[str]) -> list[Line]:
    """Devices whose code, name or address holds every word typed, the closest first; at most fifty."""
    words = [word for word in normalize(text).split() if word]
    if not words:
        return []
    here = current(now)
    ranked = sorted(_named(here, words), key=lambda found: found[0])
    codes = dict.fromkeys(code for _rank, code in ranked)
    codes |= dict.fromkeys(_addressed(words, here)) if len(codes) < FOUND else {}
    allowed = (code for code in codes if here.info(code).unit_path.startswith(tuple(paths)))
    return [line(here, code) for code, _ in zip(allowed, range(FOUND), strict=False)]


def _named(here: Grid, words: list[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """(how close, code) of what is called so."""
    grid = here.topology
    groups = [*grid.substations.values(), *grid.feeders]
    lists = (
        ((group.code, f"{group.name} {group.name_en}") for group in groups),
        ((facts.code, f"{facts.name} {facts.name_en}") for facts in grid.switches),
        (
            (code, f"{name} {grid.english.get(vertex, '')}")
            for vertex, (code, name) in enumerate(zip(grid.codes, grid.names, strict=True))
        ),
    )
    whole = " ".join(words)
    for order, pairs in enumerate(lists):
        for code, name in pairs:
            both = normalize(f"{code} {name}")
            if all(word in both for word in words):
                low = normalize(code)
                rank = 0 if low == whole else 1 if low.startswith(whole) else 2
                yield (rank, order), code


def _addressed(words: list[str], here: Grid) -> list[str]:
    found: list[str] = []
    for model in (Substation, GridNode, MeterBox):
        query = sa.select(model.code).where(model.address != "")
        for word in words:
            query = query.where(model.address.icontains(word, autoescape=True))
        found += [code for code in session.scalars(query.limit(FOUND)) if here.has(code)]
    return found


def tree(*, now: datetime, paths: Sequence[str]) -> list[SubstationLine]:
    """Substations and feeders of these units."""
    here = current(now)
    of: dict[str, list[FeederLine]] = {}
    dead = _dead_of_feeders(here)
    for place, group in enumerate(here.topology.feeders):
        if group.unit_path.startswith(tuple(paths)):
            total, out = dead.get(place, (0, 0))
            known = group.breaker in here.topology.switch_places
            position = position_of(here, group.breaker) if known else ""
            row = FeederLine(
                group.code,
                group.name,
                group.name_en,
                group.unit_code,
                group.breaker,
                position,
                here.customers_under(group.code) if known else 0,
                total,
                out,
            )
            of.setdefault(group.substation, []).append(row)
    found = [
        SubstationLine(
            group.code,
            group.name,
            group.name_en,
            tuple(of.pop(group.code, ())),
            group.unit_path.startswith(tuple(paths)),
        )
        for group in here.substations
        if group.code in of or group.unit_path.startswith(tuple(paths))
    ]
    return found + [SubstationLine(code, code, code, tuple(rows), seen=False) for code, rows in of.items()]


def _dead_of_feeders(here: Grid) -> dict[int, tuple[int, int]]:
    """How many transformers each feeder has, and how many of them are dead."""
    grid, live = here.topology, here.supply.live
    found: dict[int, tuple[int, int]] = {}
    for code in here.codes("distribution_transformer"):
        vertex = grid.places[code]
        total, out = found.get(grid.feeder[vertex], (0, 0))
        found[grid.feeder[vertex]] = (total + 1, out + (not live[vertex]))
    return found


def unusual(*, now: datetime, paths: Sequence[str]) -> list[Line]:
    """Switches that do not stand as they normally do."""
    here = current(now)
    grid, stands = here.topology, here.supply.stands
    codes = (facts.code for place, facts in enumerate(grid.switches) if stands[place] != facts.normal)
    return [line(here, code) for code in codes if here.info(code).unit_path.startswith(tuple(paths))][:LISTED]


def latest(*, now: datetime, paths: Sequence[str], limit: int = 15) -> list[Operation]:
    """The latest switch operations in these units."""
    inside = sa.or_(*(Switching.unit_path.startswith(path, autoescape=True) for path in paths))
    query = sa.select(Switching).where(inside).order_by(Switching.id.desc()).limit(limit)
    return [_operation(row, current(now), paths) for row in session.scalars(query)] if paths else []


def device_view(code: str, *, now: datetime, paths: Sequence[str]) -> DeviceView:
    """A device's page; raises `UnknownDevice` for what is not there or not in these units."""
    here = current(now)
    device = here.info(code)
    if not device.unit_path.startswith(tuple(paths)):
        raise UnknownDevice(code)
    switch = code in here.topology.switch_places
    below = here.children(code)
    above = here.open_above(code)

    def told(each: str) -> Line:
        return line(here, each, paths)

    return DeviceView(
        device,
        position_of(here, code) if switch else "",
        position_text(here.normal(code)) if switch else "",
        state_of(here, code),
        here.live_phases(code),
        here.feeder_of(code),
        told(above) if above else None,
        tuple(told(each) for each in here.upstream(code)),
        tuple(told(each) for each in below[:LISTED]),
        max(0, len(below) - LISTED),
        here.trace(code, "down") if device.kind != "distribution_transformer" else here.trace(code, "up"),
        tuple(told(each) for each in here.ways(code)[:LISTED]),
        tuple(history(code, here, paths)),
        _breaker(here, code, paths),
    )


def _breaker(here: Grid, code: str, paths: Sequence[str]) -> Line | None:
    """The breaker of a feeder."""
    place = here.topology.feeder_places.get(code, -1)
    breaker = here.topology.feeders[place].breaker if place >= 0 else ""
    return line(here, breaker, paths) if breaker in here.topology.switch_places else None


def history(code: str, here: Grid, paths: Sequence[str] = ("/",)) -> list[Operation]:
    """The latest operations of a switch, or of a feeder's breaker and the switches above a device."""
    codes = [code] if code in here.topology.switch_places else list(here.upstream(code))
    query = sa.select(Switching).where(Switching.switch_code.in_(codes)).order_by(Switching.id.desc())
    return [_operation(row, here, paths) for row in session.scalars(query.limit(SHOWN_HISTORY))]


def line(here: Grid, code: str, paths: Sequence[str] = ("/",)) -> Line:
    """A device for a list of somebody who sees these units."""
    info = here.info(code)
    position = position_of(here, code) if code in here.topology.switch_places else ""
    name, seen = localized(info.name, info.name_en), info.unit_path.startswith(tuple(paths))
    return Line(code, name, info.kind, info.feeder, state_of(here, code), position, seen)


def state_of(here: Grid, code: str) -> str:
    """Whether a device has voltage: live, dead, partly."""
    if here.energised(code):
        return "live"
    if code in here.topology.switch_places:
        edge = here.topology.switches[here.topology.switch_places[code]].edge
        ends = (here.topology.one[edge], here.topology.two[edge])
        return "live" if all(here.supply.live[end] for end in ends) else "partly" if here.live_phases(code) else "dead"
    return "partly" if here.live_phases(code) else "dead"


def position_of(here: Grid, code: str) -> str:
    """How a switch stands: closed, open, partly."""
    return position_text(here.state(code))


def position_text(phases: str) -> str:
    return "closed" if phases == "ABC" else "partly" if phases else "open"


def _operation(row: Switching, here: Grid, paths: Sequence[str]) -> Operation:
    known = line(here, row.switch_code, paths) if here.has(row.switch_code) else None
    return Operation(
        row.at,
        row.device_at,
        row.switch_code,
        known.name if known else row.switch_code,
        bool(known and known.seen),
        row.before,
        row.after,
        row.by,
        row.by_name,
        row.reason,
        row.source,
        row.note,
    )
