"""The stories that the demo's outages follow: each does a step and says how long it waits (`workorders.demo.play`).

A `Scene` is one outage with those who handle it; its steps are what dispatchers, crews, reviewers and callback clerks
do by the real operations. A step whose task is not open is left out: the outage then stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import Contact, Customer
from app.engine import api as engine
from app.identity import queries as people
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.network import grid
from app.outages import queries
from app.outages.models import Outage, OutageVerification
from app.outages.operations import confirming, crews, etr, restoring, storms, trouble, verifying
from app.outages.operations.find import by_number
from app.outages.operations.trouble import Trouble
from app.workorders.demo_stories import Step, Wait
from app.workorders.models import CLOSED, Crew, WorkOrder
from app.workorders.operations import Report, accept

LEAST = 2
"""So many customers of a transformer report, where it has so many."""

SURVEY = {"fault_type": "low_voltage_line", "symptom": "building", "ownership": "utility"}


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def actor(username: str) -> Actor:
    """A person of the demo organisation."""
    user = people.user_view(username)
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM


@dataclass
class Scene:
    """One outage of the demo: where it is, which transformers call, what caused it, what the crew did about it."""

    device: str
    transformers: list[str]
    cause: str
    words: str
    number: str = ""
    leader: str = ""
    vehicle: str = ""
    over: bool = False
    callers: list[int] = field(default_factory=list)

    def call(self, transformer: str, place: int, *, by_phone: bool = False) -> Step:
        """A customer below a transformer reports: on the web, or by telephone, which makes an order."""

        def step(now: datetime) -> None:
            here = grid.current(now)
            ids = here.customer_ids(transformer)
            customer = session.get_one(Customer, ids[place % len(ids)])
            self.callers.append(customer.id)
            if by_phone:
                unit = here.info(transformer).unit_code.rpartition("-")[0]
                accept(_report(customer, unit), actor=actor("agent"), now=now)
                return
            told = Trouble(source="web", key=f"demo-{transformer}-{place}-{now:%d%H%M}", customer_id=customer.id)
            placed = trouble.report(told, actor=actor("agent"), now=now)
            self.number = placed.outage_number or self.number

        return step

    def confirm(self) -> Step:
        """The dispatcher says where it really is."""

        def step(now: datetime) -> None:
            found = queries.of_customer(self.callers[0], now)
            self.number = found.number if found else self.number
            confirming.confirm(self.number, self.device, self.cause, actor=actor("dispatcher"), now=now)

        return step

    def send(self) -> Step:
        """The dispatcher accepts the first proposal."""

        def step(now: datetime) -> None:
            best = crews.propose(self.number, actor=actor("dispatcher"), now=now)[0]
            crew = session.get_one(Crew, best.crew.id)
            self.leader, self.vehicle = crew.leader, crew.vehicle
            crews.assign(self.number, best.crew.id, actor=actor("dispatcher"), now=now)

        return step

    def work(self, element: str, by: str = "", **data: Any) -> Step:
        """Somebody (the crew's leader) completes a task of the main repair order."""

        def step(now: datetime) -> None:
            order = self._main()
            if order is not None:
                _complete(order.number, element, data, by or self.leader, now)

        return step

    def depart(self) -> Step:
        def step(now: datetime) -> None:
            self.work("depart", depart_vehicle=self.vehicle)(now)

        return step

    def arrive(self) -> Step:
        """The crew stamps its arrival at the device."""

        def step(now: datetime) -> None:
            info = grid.current(now).info(self.transformers[0])
            lat, lon = info.lat or 0.0, info.lon or 0.0
            self.work("arrive", arrive_lat=lat, arrive_lon=lon, arrive_accuracy=15)(now)

        return step

    def survey(self, within: int) -> Step:
        """The crew says what it found and that supply is back within so many minutes."""

        def step(now: datetime) -> None:
            expected = (now + minutes(within)).isoformat(timespec="minutes")
            self.work("survey", **SURVEY, fault_cause=self.cause, analysis=self.words, etr=expected)(now)

        return step

    def reply(self) -> Step:
        """The crew writes down what it did; supply has been back for three minutes."""

        def step(now: datetime) -> None:
            content = {
                "reply_contacted": "phone",
                "reply_fault_type": SURVEY["fault_type"],
                "reply_fault_cause": self.cause,
                "reply_ownership": "utility",
                "reply_findings": "到场检查，故障点已找到",
                "reply_action": self.words,
                "reply_opinion": "客户表示认可",
                "reply_restored_at": (now - minutes(3)).isoformat(timespec="minutes"),
            }
            self.work("reply", **content)(now)

        return step

    def called_back(self) -> Step:
        """The clerks call back whoever reported by telephone, where that is due; `over` once all were reached."""

        def step(now: datetime) -> None:
            order = self._main()
            if order is None:
                return
            all_of_it = sa.or_(WorkOrder.id == order.id, WorkOrder.main_order_id == order.id)
            orders = session.scalars(sa.select(WorkOrder).where(all_of_it).order_by(WorkOrder.id)).all()
            for number in [each.number for each in orders]:
                said = {"callback_result": "restored", "satisfaction": "satisfied"}
                _complete(number, "call", said, "callback", now)
            self.over = all(each.status in CLOSED for each in orders)

        return step

    def answered(self, said: str, most: int = 100) -> Step:
        """So many customers who were asked whether supply is back answer."""

        def step(now: datetime) -> None:
            asked = sa.select(OutageVerification.id).where(
                OutageVerification.outage_id == by_number(self.number).id, OutageVerification.state == "pending"
            )
            for key in session.scalars(asked.order_by(OutageVerification.id).limit(most)).all():
                verifying.answer(key, said, actor=actor("callback"), now=now)

        return step

    def expect(self, within: int, note: str) -> Step:
        """The dispatcher estimates."""

        def step(now: datetime) -> None:
            at = (now + minutes(within)).replace(second=0, microsecond=0)
            etr.set_etr(self.number, at, source="dispatcher", note=note, actor=actor("dispatcher"), now=now)

        return step

    def restore(self, devices: list[str], note: str = "") -> Step:
        """Part of the outage, or all of it, has supply again."""

        def step(now: datetime) -> None:
            restoring.restore(self.number, devices, note=note, actor=actor("dispatcher"), now=now)

        return step

    def _main(self) -> WorkOrder | None:
        """The main repair order."""
        outage = session.scalar(sa.select(Outage).where(Outage.number == self.number))
        return session.get(WorkOrder, outage.main_order_id) if outage and outage.main_order_id else None


def _report(customer: Customer, unit: str) -> Report:
    phone = session.scalar(
        sa.select(Contact.phone).where(Contact.customer_id == customer.id, Contact.phone != "").order_by(Contact.id)
    )
    return Report(
        unit=unit,
        address=customer.address,
        description="家里突然停电，邻居也没电",
        contact_name=customer.name,
        phone=phone or "",
        account_no=customer.number,
        sub_type="low_voltage",
        symptom="building",
    )


def _complete(order: str, element: str, data: dict[str, Any], by: str, now: datetime) -> None:
    tasks = [
        task
        for instance in engine.list_instances(business_key=order, status="active")
        for task in engine.open_tasks(instance.id)
        if task.element_id == element
    ]
    if tasks:
        engine.complete(tasks[0].id, data, actor=actor(by), now=now)


# today's outages


def section(scene: Scene) -> Iterator[Wait]:
    """A section of a feeder: confirmed, a crew at work, estimated twice, partly restored."""
    for transformer in scene.transformers[:4]:
        for place in range(LEAST):
            yield scene.call(transformer, place, by_phone=place == 0)
            yield minutes(0.7)
    yield minutes(3)
    yield scene.confirm()
    yield minutes(2)
    yield from _on_site(scene, within=70)
    yield minutes(20)
    yield scene.expect(65, "树枝压断导线，等待绝缘斗臂车")
    yield minutes(5)
    yield scene.restore(scene.transformers[: len(scene.transformers) // 2], "联络开关转供，先恢复后段")


def under_repair(scene: Scene) -> Iterator[Wait]:
    """A transformer: the crew is there, estimated."""
    yield from _called(scene)
    yield minutes(2)
    yield scene.confirm()
    yield minutes(2)
    yield from _on_site(scene, within=50)


def on_the_way(scene: Scene) -> Iterator[Wait]:
    """A transformer: the crew is on its way."""
    yield from _called(scene)
    yield minutes(3)
    yield scene.confirm()
    yield minutes(1)
    yield from _off(scene)


def verified(scene: Scene) -> Iterator[Wait]:
    """A transformer that is back: some customers have said so, one is still out, others are yet to be called."""
    yield from _called(scene)
    yield minutes(2)
    yield scene.confirm()
    yield minutes(1)
    yield from _repaired(scene, within=30, takes=20)
    yield minutes(4)
    yield scene.answered("still_out", 1)


def judged(scene: Scene) -> Iterator[Wait]:
    """Confirmed, no crew yet."""
    yield from _called(scene)
    yield minutes(4)
    yield scene.confirm()


def predicted(scene: Scene) -> Iterator[Wait]:
    """Two calls: predicted."""
    yield from _called(scene)


def one_call(scene: Scene) -> Iterator[Wait]:
    """One household."""
    yield scene.call(scene.transformers[0], 0)


STORIES: tuple[Callable[[Scene], Iterator[Wait]], ...] = (
    *(section, under_repair, on_the_way, verified, judged, predicted, one_call),
)
AGO = tuple(minutes(count) for count in (95, 58, 21, 130, 12, 5, 3))
"""How long ago each story begins."""


# a storm that is over

STORM_AGO = timedelta(hours=29)
STORM_NAME = "强对流大风"


@dataclass
class Storm:
    """The storm mode of a unit, with its number once it has begun."""

    unit: str
    number: str = ""

    def begin(self, now: datetime) -> None:
        """The supervisor begins storm mode."""
        note = "气象台发布大风橙色预警"
        self.number = storms.begin(self.unit, name=STORM_NAME, note=note, actor=actor("supervisor"), now=now)

    def estimate(self, now: datetime) -> None:
        """One estimate for all of it."""
        at = (now + timedelta(hours=4)).replace(minute=0, second=0, microsecond=0)
        storms.mass_etr(self.number, self.unit, at, actor=actor("supervisor"), now=now)

    def end(self, now: datetime) -> None:
        """It is over."""
        storms.end(self.number, note="停电全部恢复，转入常态", actor=actor("supervisor"), now=now)


def storm(mode: Storm) -> Iterator[Wait]:
    """Begun twenty minutes after the first call, estimated as a whole, ended after five hours."""
    yield minutes(20)
    yield mode.begin
    yield minutes(6)
    yield mode.estimate
    yield minutes(274)
    yield mode.end


def in_the_storm(scene: Scene, waits: int) -> Iterator[Wait]:
    """Confirmed, restored after the others before it, everybody called back, closed."""
    yield from _called(scene)
    yield minutes(6)
    yield scene.confirm()
    yield minutes(3 + waits)
    yield from _repaired(scene, within=60, takes=35)
    yield minutes(20)
    yield scene.answered("restored")
    while not scene.over:
        yield minutes(60)
        yield scene.called_back()


# parts of stories


def _called(scene: Scene) -> Iterator[Wait]:
    for transformer in scene.transformers:
        for place in range(LEAST):
            yield scene.call(transformer, place, by_phone=place == 0)
            yield minutes(1)


def _off(scene: Scene) -> Iterator[Wait]:
    yield scene.send()
    yield minutes(2)
    yield scene.work("take", take_action="take")
    yield minutes(1)
    yield scene.depart()


def _on_site(scene: Scene, *, within: int) -> Iterator[Wait]:
    yield from _off(scene)
    yield minutes(16)
    yield scene.arrive()
    yield minutes(5)
    yield scene.survey(within)


def _repaired(scene: Scene, *, within: int, takes: int) -> Iterator[Wait]:
    """Restored by the crew, written down, reviewed."""
    yield from _on_site(scene, within=within)
    yield minutes(takes)
    yield scene.work("repair", repair_action="restored")
    yield minutes(3)
    yield scene.reply()
    yield minutes(6)
    yield scene.work("review", "reviewer", review_action="pass")
