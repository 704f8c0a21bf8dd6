"""A plausible present situation for the demo: outages in several states, planned ones ahead, crews on their way.

Made by the real operations on a clock that runs through the last hours (`workorders.demo.play`), each story by
its own steps; what would lie in the future does not happen. Made once: where there are outages with a device
already, nothing is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer
from app.engine import api as engine
from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.network import grid
from app.network.grid import Grid
from app.outages import queries
from app.outages.models import Outage
from app.outages.operations import confirming, crews, planning, restoring, trouble
from app.outages.operations.find import by_number
from app.outages.operations.trouble import Trouble
from app.workorders.demo import play
from app.workorders.demo_stories import Wait
from app.workorders.models import Crew, WorkOrder
from app.workorders.operations import report_position
from app.workorders.operations.trace import Place

UNIT = "GM-LJ"
LEAST = 2
"""Customers a transformer of a story has at least."""

HEARD = timedelta(minutes=15)

SURVEY = {"fault_type": "low_voltage_line", "symptom": "building", "ownership": "utility"}


@dataclass
class Scene:
    """One outage of the demo: where it is, which transformers call, what caused it."""

    device: str
    transformers: list[str]
    cause: str
    words: str
    number: str = ""
    leader: str = ""
    callers: list[int] = field(default_factory=list)

    def call(self, transformer: str, place: int) -> Callable[[datetime], None]:
        """A customer below a transformer reports."""

        def step(now: datetime) -> None:
            ids = grid.current(now).customer_ids(transformer)
            customer = ids[place % len(ids)]
            told = Trouble(source="web", key=f"demo-{transformer}-{place}", customer_id=customer)
            placed = trouble.report(told, actor=_actor("agent"), now=now)
            self.callers.append(customer)
            self.number = placed.outage_number or self.number

        return step

    def confirm(self) -> Callable[[datetime], None]:
        """The dispatcher says where it really is."""

        def step(now: datetime) -> None:
            found = queries.of_customer(self.callers[0], now)
            self.number = found.number if found else self.number
            confirming.confirm(self.number, self.device, self.cause, actor=_actor("dispatcher"), now=now)

        return step

    def send(self) -> Callable[[datetime], None]:
        """The dispatcher accepts the first proposal."""

        def step(now: datetime) -> None:
            best = crews.propose(self.number, actor=_actor("dispatcher"), now=now)[0]
            self.leader = session.get_one(Crew, best.crew.id).leader
            crews.assign(self.number, best.crew.id, actor=_actor("dispatcher"), now=now)

        return step

    def work(self, element: str, **data: Any) -> Callable[[datetime], None]:
        """The crew's leader completes a task of the main repair order."""

        def step(now: datetime) -> None:
            outage = by_number(self.number)
            order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id else None
            instance = order.instance_id if order else None
            tasks = [task for task in engine.open_tasks(instance) if task.element_id == element] if instance else []
            if tasks:
                values = {name: value(now) if callable(value) else value for name, value in data.items()}
                engine.complete(tasks[0].id, values, actor=_actor(self.leader), now=now)

        return step

    def restore(self, devices: list[str]) -> Callable[[datetime], None]:
        """Part of the outage, or all of it, has supply again."""

        def step(now: datetime) -> None:
            restoring.restore(self.number, devices, note=self.words, actor=_actor("dispatcher"), now=now)

        return step

    def place(self) -> dict[str, float]:
        """Where the crew stamps its arrival: at the device."""
        info = grid.current(clock.now()).info(self.transformers[0])
        session.rollback()
        return {"arrive_lat": info.lat or 0.0, "arrive_lon": info.lon or 0.0, "arrive_accuracy": 15}


def load() -> int:
    """Make the demo's outages where there are none yet; returns how many outages there are afterwards."""
    now = clock.now()
    scenes = _scenes(grid.current(now))
    located, planned = _there(Outage.nature == "unplanned"), _there(Outage.nature != "unplanned")
    session.rollback()
    if scenes and not located:
        play(list(zip(AGO, (story(scene) for story, scene in zip(STORIES, scenes, strict=False)), strict=False)), now)
        db.run(lambda: _positions(now))
    if scenes and not planned:
        db.run(lambda: _plans(scenes, now))
    count = session.scalar(sa.select(sa.func.count()).select_from(Outage)) or 0
    session.rollback()
    return count


def _there(condition: sa.ColumnElement[bool]) -> bool:
    """Whether there is such an outage at a device."""
    return session.scalar(sa.select(Outage.id).where(Outage.device_code != "", condition).limit(1)) is not None


def _scenes(present: Grid) -> list[Scene]:
    """The widest protective device of the city, and transformers elsewhere that have customers enough."""
    city = people.unit_by_code(UNIT, at=clock.now())
    if city is None:
        return []
    here = [code for code in present.codes("distribution_transformer") if _lives(present, code, city.path)]
    wide = [code for code in present.codes("switch", "breaker", "fuse") if _wide(present, code, here)]
    if not wide or len(here) < len(STORIES) + LEAST:
        return []
    device = max(wide, key=lambda code: (len(set(present.transformers_under(code)) & set(here)), code))
    below = set(present.transformers_under(device))
    first = Scene(device, [code for code in here if code in below], "tree", "联络开关转供，先恢复后段")
    feeder = present.info(device).feeder
    important = set(session.scalars(sa.select(Customer.id).where(Customer.importance != "none")))
    others = [code for code in _mixed(present, here) if present.info(code).feeder != feeder]
    others.sort(key=lambda code: important.isdisjoint(present.customer_ids(code)))
    causes = ("lightning", "overload", "ageing", "external_damage", "", "")
    return [first, *(Scene(code, [code], cause, "已修复") for code, cause in zip(others, causes, strict=False))]


def _mixed(present: Grid, codes: list[str]) -> list[str]:
    """The transformers, one of each feeder in turn."""
    seen: Counter[str] = Counter()
    turns = {}
    for code in codes:
        feeder = present.info(code).feeder
        turns[code] = (seen[feeder], feeder)
        seen[feeder] += 1
    return sorted(codes, key=lambda code: turns[code])


def _lives(present: Grid, code: str, path: str) -> bool:
    return present.info(code).unit_path.startswith(path) and len(present.customer_ids(code)) >= LEAST


def _wide(present: Grid, code: str, here: list[str]) -> bool:
    under = set(present.transformers_under(code)) & set(here)
    return present.info(code).protective and LEAST < len(under) <= len(here) // 3


def section(scene: Scene) -> Iterator[Wait]:
    """A section of a feeder: confirmed, a crew at work, partly restored."""
    for transformer in scene.transformers[:4]:
        for place in range(LEAST):
            yield scene.call(transformer, place)
            yield timedelta(seconds=40)
    yield timedelta(minutes=3)
    yield scene.confirm()
    yield timedelta(minutes=2)
    yield from _on_site(scene, minutes=70)
    yield timedelta(minutes=25)
    yield scene.restore(scene.transformers[: len(scene.transformers) // 2])


def under_repair(scene: Scene) -> Iterator[Wait]:
    """A transformer: the crew is there, estimated."""
    yield from _called(scene)
    yield timedelta(minutes=2)
    yield scene.confirm()
    yield timedelta(minutes=2)
    yield from _on_site(scene, minutes=50)


def on_the_way(scene: Scene) -> Iterator[Wait]:
    """A transformer: the crew is on its way."""
    yield from _called(scene)
    yield timedelta(minutes=3)
    yield scene.confirm()
    yield timedelta(minutes=1)
    yield scene.send()
    yield timedelta(minutes=2)
    yield scene.work("take", take_action="take")
    yield timedelta(minutes=1)
    yield scene.work("depart", depart_vehicle="浙A·B2201")


def verified(scene: Scene) -> Iterator[Wait]:
    """A transformer that is back: customers are asked whether they have power."""
    yield from _called(scene)
    yield timedelta(minutes=2)
    yield scene.confirm()
    yield timedelta(minutes=1)
    yield from _on_site(scene, minutes=30)
    yield timedelta(minutes=20)
    yield scene.restore([])


def judged(scene: Scene) -> Iterator[Wait]:
    """Confirmed, no crew yet."""
    yield from _called(scene)
    yield timedelta(minutes=4)
    yield scene.confirm()


def predicted(scene: Scene) -> Iterator[Wait]:
    """Two calls: predicted."""
    yield from _called(scene)


def one_call(scene: Scene) -> Iterator[Wait]:
    """One household."""
    yield scene.call(scene.transformers[0], 0)


STORIES = (section, under_repair, on_the_way, verified, judged, predicted, one_call)
AGO = tuple(timedelta(minutes=count) for count in (95, 58, 21, 130, 12, 5, 3))
"""How long ago each story begins."""


def _called(scene: Scene) -> Iterator[Wait]:
    for place in range(LEAST):
        yield scene.call(scene.transformers[0], place)
        yield timedelta(minutes=1)


def _on_site(scene: Scene, *, minutes: int) -> Iterator[Wait]:
    def etr(now: datetime) -> str:
        return (now + timedelta(minutes=minutes)).isoformat(timespec="minutes")

    yield scene.send()
    yield timedelta(minutes=2)
    yield scene.work("take", take_action="take")
    yield timedelta(minutes=1)
    yield scene.work("depart", depart_vehicle="浙A·Q1201")
    yield timedelta(minutes=16)
    yield scene.work("arrive", **scene.place())
    yield timedelta(minutes=5)
    yield scene.work("survey", **SURVEY, fault_cause=scene.cause, analysis=scene.words, etr=etr)


def _positions(now: datetime) -> None:
    """Crews that have not been heard of for a while report from where they stand."""
    for crew in session.scalars(sa.select(Crew).where(Crew.lat.is_not(None))):
        if crew.position_at is None or now - crew.position_at > HEARD:
            place = Place(lat=crew.lat, lon=crew.lon, accuracy=20)
            report_position(crew.id, place, actor=SYSTEM, now=now - timedelta(minutes=1 + crew.id))


def _plans(scenes: list[Scene], now: datetime) -> None:
    """A temporary stop tomorrow and a planned one in ten days, where nothing else is out."""
    planner, today = _actor("planner"), now.astimezone(LOCAL).date()
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


def _actor(username: str) -> Actor:
    user = people.user_view(username)
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM
