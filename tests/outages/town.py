"""A random town in which anything may happen, and what may never be otherwise there."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.customers.models import Customer
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.outages.location import Scene, predict
from app.outages.models import OVER, Outage, OutageCustomer, OutageDevice, TroubleCall
from app.outages.operations import calls, confirming, members, orders
from app.outages.operations.grouping import reading
from app.outages.operations.signals import Signal, receive
from app.outages.operations.thresholds import thresholds_for
from tests.outages.world import World, active, calls_of, covered_by, found
from tests.workorders.house import House


class Town:
    """A random grid, and things that happen there."""

    def __init__(self, seed: int, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random = random.Random(seed)
        self.house, self.now, self.sent = house, house.now, 0
        county = house.units["GM-LJ-QS"]
        self.tag = f"S{seed}"
        self.world: World = found(monkeypatch, self._shape(), each=2, now=house.now, unit=(county.code, county.path))
        self.world.sent = seed * 10_000
        db.run(self._make_some_important)
        self.switches = [code for code in self.world.grid.codes("feeder_breaker", "breaker", "fuse")]

    def _make_some_important(self) -> None:
        ids = [each for below in self.world.customers.values() for each in below]
        for customer_id in self.random.sample(ids, len(ids) // 3):
            session.get_one(Customer, customer_id).importance = self.random.choice(members.LEVELS)

    def _shape(self) -> dict[str, Any]:
        count = iter(range(10_000))

        def name(kind: str) -> str:
            return f"{kind}-{self.tag}-{next(count)}"

        def transformers() -> list[str]:
            return [name("T") for _ in range(self.random.randint(1, 4))]

        def below(depth: int) -> Any:
            if depth == 0:
                return {name("F"): transformers() for _ in range(self.random.randint(1, 3))}
            return {name("R"): below(depth - 1) for _ in range(self.random.randint(1, 2))}

        return {name("CB"): below(self.random.randint(0, 2)) for _ in range(2)}

    def step(self) -> str:
        """Do something; a refusal is an answer too."""
        self.now += timedelta(minutes=self.random.choice([0, 1, 5, 30, 200]))
        act: Callable[[], object] = self.random.choices(
            [
                *(self.call, self.switch, self.confirm, self.cancel, self.move, self.split, self.join),
                *(self.signal, self.withdraw),
            ],
            [14, 3, 2, 1, 3, 2, 2, 3, 2],
        )[0]
        try:
            act()
        except LightlineError as refusal:
            session.rollback()
            return f"{act.__name__} refused: {refusal.code}"
        return act.__name__

    def call(self) -> object:
        transformer = self.random.choice(list(self.world.customers)[: self.random.choice([3, 100])])
        return self.world.call(transformer, customer=self.random.randint(0, 1), now=self.now)

    def switch(self) -> object:
        code = self.random.choice(self.switches)
        phases = "" if self.world.grid.state(code) else "ABC"
        self.world.switch(code, phases, now=self.now)
        return code

    def confirm(self) -> object:
        return self._on_one(lambda one: confirming.confirm(one.number, actor=SYSTEM, now=self.now))

    def cancel(self) -> object:
        return self._on_one(lambda one: confirming.cancel(one.number, reason="误报", actor=SYSTEM, now=self.now))

    def move(self) -> object:
        call = self._call()
        others = [each.number for each in active()]
        to = self.random.choice([None, *others])
        return call and db.run(lambda: calls.move(call, to, reason="试", actor=SYSTEM, now=self.now))

    def split(self) -> object:
        many = [one for one in active() if one.calls > 1]
        if not many:
            return None
        one = self.random.choice(many)
        ids = [call.id for call in calls_of(one) if call.state == "attached"][: self.random.randint(1, one.calls)]
        return db.run(lambda: calls.split(one.number, ids, reason="试", actor=SYSTEM, now=self.now))

    def join(self) -> object:
        numbers = [one.number for one in active()]
        if len(numbers) < 2:
            return None
        into, *rest = self.random.sample(numbers, self.random.choice([2, min(3, len(numbers))]))
        return db.run(lambda: calls.join(rest, into=into, reason="试", actor=SYSTEM, now=self.now))

    def signal(self) -> object:
        """One meter says something, or several do in one batch."""
        many = [self._signal() for _ in range(self.random.choice([1, 1, 5]))]
        return db.run(lambda: receive(many, actor=SYSTEM, now=self.now))

    def _signal(self) -> Signal:
        transformer = self.random.choice(list(self.world.customers))
        self.sent += 1
        return Signal(
            key=f"{self.tag}-{self.sent}",
            meter_no=f"M{transformer}-{self.random.randint(0, 1)}",
            kind=self.random.choice(["last_gasp", "last_gasp", "restored", "ping_alive"]),
        )

    def withdraw(self) -> object:
        """The order of a call is cancelled."""
        found = self._call()
        order: Any = SimpleNamespace(id=0, number="GD0")
        return found and db.run(lambda: orders.withdraw(session.get_one(TroubleCall, found), order, now=self.now))

    def _call(self) -> int | None:
        query = sa.select(TroubleCall.id).where(TroubleCall.state == "attached")
        ids = list(session.scalars(query))
        return self.random.choice(ids) if ids else None

    def _on_one(self, work: Callable[[Outage], object]) -> object:
        outages = active()
        return db.run(lambda: work(self.random.choice(outages))) if outages else None

    def check(self) -> None:
        """What may never be otherwise."""
        session.expire_all()
        self._everybody_in_one_outage()
        self._every_call_attached_or_explained()
        self._counts_are_true()
        self._groups_equal_a_computation_from_scratch()

    def _everybody_in_one_outage(self) -> None:
        for model, column in ((OutageCustomer, OutageCustomer.customer_id), (OutageDevice, OutageDevice.device_code)):
            twice = sa.select(column).where(model.active).group_by(column).having(sa.func.count() > 1)
            assert session.scalars(twice).all() == []
        over = (
            sa.select(OutageCustomer.id)
            .join(Outage, Outage.id == OutageCustomer.outage_id)
            .where(OutageCustomer.active, Outage.status.in_(OVER))
        )
        assert session.scalars(over).all() == []

    def _every_call_attached_or_explained(self) -> None:
        for call in session.scalars(sa.select(TroubleCall)):
            if call.state == "open":
                assert call.screening in {"no_place", "suspect"}, (call.id, call.screening)
            elif call.state == "attached":
                outage = session.get_one(Outage, call.outage_id)
                assert outage.status not in OVER, (call.id, outage.number)

    def _counts_are_true(self) -> None:
        for outage in active():
            counted = [call for call in calls_of(outage) if not call.suspect and call.state == "attached"]
            assert outage.calls == len(counted), (outage.number, outage.calls, len(counted))
            kept = _numbers_of(outage)
            members.count(outage)
            assert kept == _numbers_of(outage), outage.number
        session.rollback()

    def _groups_equal_a_computation_from_scratch(self) -> None:
        grid = self.world.grid
        for feeder in grid.feeders:
            ours = reading.of_feeder(feeder.code)
            opened = {
                one.device_code: one.started_at
                for one in ours.outages.values()
                if one.kind == "real_device" and grid.stands_open(one.device_code)
            }
            scene = Scene(
                reports=[each.report for each in ours.calls.values()],
                alive=reading.alive(feeder.code, self.now - reading.MEMORY),
                taken=reading.taken(list(grid.codes("distribution_transformer")), ours.outages),
                opened=opened,
            )
            thresholds = thresholds_for("GM-LJ-QS", storm=False, now=self.now).values
            wanted = {
                (group.device, frozenset(group.reports), group.covers) for group in predict(grid, scene, thresholds)
            }
            held: dict[int, set[int]] = {}
            for call_id, each in ours.calls.items():
                held.setdefault(each.outage_id or 0, set()).add(call_id)
            stored = {
                (one.device_code, frozenset(held.get(one.id, set())), frozenset(covered_by(one)))
                for one in ours.outages.values()
            }
            assert stored == wanted, feeder.code


def _numbers_of(outage: Outage) -> tuple[object, ...]:
    out, back, whole = outage.customers_out, outage.customers_restored, outage.customers_total
    return out, back, whole, outage.important, outage.important_level
