"""A plausible present situation for the demo: outages in several states, planned ones ahead, a storm that is over.

Made by the real operations on a clock that runs through the last day (`workorders.demo.play`), each story of
`demo_stories` by its own steps; what would lie in the future does not happen. Made once: where there are outages
with a device already, nothing is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from app.customers.models import Customer
from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.network.grid import Grid
from app.outages.demo_stories import AGO, LEAST, STORIES, STORM_AGO, Scene, Storm, actor, in_the_storm, storm
from app.outages.models import Outage
from app.outages.operations import planning
from app.workorders.demo import play
from app.workorders.demo_stories import Wait
from app.workorders.models import Crew
from app.workorders.operations import report_position
from app.workorders.operations.trace import Place

UNIT = "GM-LJ"
HEARD = timedelta(minutes=15)
CAUSES = ("lightning", "overload", "ageing", "external_damage", "", "")
GRADED = ("special", "first", "", "second", "", "")
"""Whom each story of a transformer is about: a customer of this grade, or ordinary ones."""

IN_STORM = 4
"""Outages of the storm that is over."""

LEVELS = ("special", "first", "second", "temporary", "none")


def load() -> int:
    """Make the demo's outages where there are none yet; returns how many outages there are afterwards."""
    now = clock.now()
    present = grid.current(now)
    here = _transformers(present)
    scenes = _scenes(present, here)
    located, planned = _there(Outage.nature == "unplanned"), _there(Outage.nature != "unplanned")
    session.rollback()
    if scenes and not located:
        told = list(zip(AGO, (story(scene) for story, scene in zip(STORIES, scenes, strict=True)), strict=True))
        play([*_storm(present, here), *told], now)
        db.run(lambda: _positions(now))
    if scenes and not planned:
        db.run(lambda: _plans(scenes, now))
    count = session.scalar(sa.select(sa.func.count()).select_from(Outage)) or 0
    session.rollback()
    return count


def _there(condition: sa.ColumnElement[bool]) -> bool:
    """Whether there is such an outage at a device."""
    return session.scalar(sa.select(Outage.id).where(Outage.device_code != "", condition).limit(1)) is not None


def _transformers(present: Grid) -> list[str]:
    """The transformers of the city with customers, those of the most important ones first, then by feeders in turn."""
    unit = people.unit_by_code(UNIT, at=clock.now())
    if unit is None:
        return []
    found = [
        code
        for code in present.codes("distribution_transformer")
        if present.info(code).unit_path.startswith(unit.path) and present.customer_ids(code)
    ]
    grades = _grades(present, found)
    return sorted(_mixed(present, found), key=lambda code: LEVELS.index(grades[code]))


def _grades(present: Grid, codes: Sequence[str]) -> dict[str, str]:
    """The grade of the most important customer of each transformer."""
    important = sa.select(Customer.id, Customer.importance).where(Customer.importance != "none")
    known: dict[int, str] = {key: importance for key, importance in session.execute(important)}
    return {
        code: min((known.get(key, "none") for key in present.customer_ids(code)), key=LEVELS.index) for code in codes
    }


def _scenes(present: Grid, here: Sequence[str]) -> list[Scene]:
    """A protective device with an important customer below, and transformers of other feeders: for each story one."""
    lively = [code for code in here if len(present.customer_ids(code)) >= LEAST]
    wide = [code for code in present.codes("switch", "breaker", "fuse") if _wide(present, code, lively)]
    if not wide or len(lively) < len(STORIES) + LEAST:
        return []
    order = {code: place for place, code in enumerate(here)}
    first = min(wide, key=lambda code: (min(order[each] for each in _below(present, code, here)), code))
    feeder = present.info(first).feeder
    others = [code for code in here if present.info(code).feeder != feeder]
    grades = _grades(present, others)
    graded = [next((code for code in others if level and grades[code] == level), "") for level in GRADED]
    plain = iter(code for code in others if grades[code] == "none" and code in lively)
    singles = [code or next(plain) for code in graded]
    below = [code for code in lively if code in set(_below(present, first, here))]
    scene = Scene(first, below, "tree", "清除树枝，恢复导线")
    return [scene, *(Scene(code, [code], cause, "更换故障部件") for code, cause in zip(singles, CAUSES, strict=True))]


def _storm(present: Grid, here: Sequence[str]) -> list[tuple[timedelta, Iterator[Wait]]]:
    """Storm mode and its outages, one on each feeder; crews go from one to the next."""
    lively = [code for code in here if len(present.customer_ids(code)) >= LEAST]
    wide = [code for code in present.codes("switch", "breaker", "fuse") if _wide(present, code, lively)][-1:]
    struck: dict[str, Scene] = {}
    for device in [*wide, *reversed(lively)]:
        feeder = present.info(device).feeder
        if len(struck) < IN_STORM and feeder not in struck:
            below = _below(present, device, lively)[:2]
            struck[feeder] = Scene(device, below, "tree", "清除树枝，恢复导线")
    stories = [
        (STORM_AGO - timedelta(minutes=4 * n), in_the_storm(scene, 60 * n)) for n, scene in enumerate(struck.values())
    ]
    return [(STORM_AGO, storm(Storm(UNIT))), *stories] if struck else []


def _mixed(present: Grid, codes: Sequence[str]) -> list[str]:
    """The transformers, one of each feeder in turn."""
    seen: Counter[str] = Counter()
    turns = {}
    for code in codes:
        feeder = present.info(code).feeder
        turns[code] = (seen[feeder], feeder)
        seen[feeder] += 1
    return sorted(codes, key=lambda code: turns[code])


def _below(present: Grid, code: str, here: Sequence[str]) -> list[str]:
    under = set(present.transformers_under(code))
    return [each for each in here if each in under]


def _wide(present: Grid, code: str, here: Sequence[str]) -> bool:
    return present.info(code).protective and LEAST < len(_below(present, code, here)) <= len(here) // 3


def _positions(now: datetime) -> None:
    """Crews that have not been heard of for a while report from where they stand."""
    for crew in session.scalars(sa.select(Crew).where(Crew.lat.is_not(None))):
        if crew.position_at is None or now - crew.position_at > HEARD:
            place = Place(lat=crew.lat, lon=crew.lon, accuracy=20)
            report_position(crew.id, place, actor=SYSTEM, now=now - timedelta(minutes=1 + crew.id))


def _plans(scenes: list[Scene], now: datetime) -> None:
    """A temporary stop tomorrow and a planned one in ten days, where nothing else is out."""
    planner, today = actor("planner"), now.astimezone(LOCAL).date()
    present = grid.current(now)
    taken = {code for scene in scenes for code in scene.transformers}
    free = [
        code
        for code in present.codes("distribution_transformer")
        if code not in taken and present.info(code).unit_code.startswith(UNIT) and present.customer_ids(code)
    ]
    wanted = (("temporary", 1, "配变漏油，须停电更换密封件"), ("planned", 10, "配变增容改造"))
    for code, (nature, days, reason) in zip(free, wanted, strict=False):
        begins = datetime.combine(today + timedelta(days=days), time(9), LOCAL)
        asked = planning.PlanRequest(
            devices=[code], begins_at=begins, ends_at=begins + timedelta(hours=4), nature=nature, reason=reason
        )
        planning.request_outage(asked, actor=planner, now=now)
