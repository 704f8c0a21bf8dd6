"""Two at one moment: the database keeps each customer in one outage, whoever comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.outages.models import Outage, OutageCustomer, OutageDevice
from app.outages.operations import calls, confirming, regroup
from app.outages.operations.find import OutageChanged
from app.outages.operations.signals import Signal, receive
from app.outages.operations.trouble import Trouble, report
from tests.outages.town import Town
from tests.outages.world import World, active, calls_of, members_of
from tests.workorders.house import House


def together(app: Flask, *works: Callable[[], object], owned: Sequence[bool] = ()) -> list[object]:
    """Run these at one moment, each in a thread; what each returned or raised.

    Each is one transaction, but those where `owned` is false: they own theirs.
    """
    ready, came = threading.Barrier(len(works)), {}

    def run(place: int, work: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                came[place] = db.run(work) if not owned or owned[place] else work()
            except Exception as refusal:
                came[place] = refusal
            finally:
                session.remove()

    session.commit()
    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [came[place] for place in range(len(works))]


@pytest.mark.databases
def test_calls_of_one_transformer_at_one_moment_make_one_outage(app: Flask, world: World, house: House) -> None:
    def call(customer: int) -> Callable[[], object]:
        trouble = Trouble(source="api", key=f"at-once-{customer}", customer_id=world.customers["T1"][customer])
        return lambda: report(trouble, actor=SYSTEM, now=house.now).call_id

    came = together(app, call(0), call(1), call(2))
    assert all(isinstance(each, int) for each in came), came
    (outage,) = active()
    assert (outage.device_code, outage.calls, outage.customers_out) == ("T1", 3, 3)
    assert members_of(outage) == set(world.customers["T1"])


@pytest.mark.databases
def test_one_report_sent_twice_at_one_moment_is_one(app: Flask, world: World, house: House) -> None:
    trouble = Trouble(source="api", key="same", customer_id=world.customers["T1"][0])
    one, two = together(app, *[lambda: report(trouble, actor=SYSTEM, now=house.now).call_id] * 2)
    assert one == two
    (outage,) = active()
    assert outage.calls == 1


@pytest.mark.databases
def test_two_dispatchers_move_one_call_at_one_moment(app: Flask, world: World, house: House) -> None:
    for transformer in ("T1", "T5", "T8"):
        world.call(transformer, now=house.now)
    one, two, three = active()
    (call,) = calls_of(one)
    call_id, seen, targets = call.id, call.revision, (two.number, three.number)

    def move(to: str) -> Callable[[], object]:
        return lambda: calls.move(
            call_id, to, reason="同一处", revision=seen, actor=house.actor("dispatcher"), now=house.now
        )

    came = together(app, move(targets[0]), move(targets[1]))
    assert sum(isinstance(each, OutageChanged) for each in came) == 1, came
    (winner,) = [each for each in came if isinstance(each, str)]
    assert sorted(outage.calls for outage in active()) == [1, 2]
    assert next(outage for outage in active() if outage.calls == 2).number == winner


def somebody_waits(app: Flask) -> bool:
    """Whether another transaction waits for a lock on a feeder; on SQLite any waits for the one that writes."""
    with app.app_context(), db.db.engine.connect() as connection:
        if db.is_sqlite():
            return True
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(connection.exec_driver_sql(query).scalar())


@pytest.mark.databases
def test_a_call_that_waits_for_a_confirmation_belongs_to_what_was_confirmed(
    app: Flask, world: World, house: House
) -> None:
    """It is screened by what holds once it is its turn, not by what held when it came."""
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    number, confirmed = outage.number, threading.Event()

    def confirm() -> None:
        confirming.confirm(number, actor=house.actor("dispatcher"), now=house.now)
        confirmed.set()
        for _ in range(500):
            if somebody_waits(app):
                return
            threading.Event().wait(0.01)

    def call() -> None:
        trouble = Trouble(source="api", key="late", customer_id=world.customers["T1"][2])
        assert report(trouble, actor=SYSTEM, now=house.now).screening == "known"

    def late() -> None:
        assert confirmed.wait(30)
        db.run(call)

    came = together(app, confirm, late, owned=(True, False))
    assert came == [None, None]
    (outage,) = active()
    assert (outage.status, outage.calls) == ("confirmed", 3)


@pytest.mark.databases
def test_a_move_waits_for_the_feeder_before_it_changes_anything(app: Flask, world: World, house: House) -> None:
    """Else it holds what the one who re-forms the feeder needs, and each waits for the other."""
    for transformer in ("T1", "T5"):
        world.call(transformer, now=house.now)
    one, other = active()
    (call,) = calls_of(one)
    call_id, to, source, held = call.id, other.number, one.id, threading.Event()

    def form() -> None:
        regroup.feeder("L-CB1", actor=SYSTEM, now=house.now)
        held.set()
        for _ in range(500):
            if somebody_waits(app):
                break
            threading.Event().wait(0.01)
        free = sa.select(Outage.id).where(Outage.id == source).with_for_update(skip_locked=True)
        assert session.scalar(free) == source

    def move() -> None:
        assert held.wait(30)
        db.run(lambda: calls.move(call_id, to, reason="同一处", actor=house.actor("dispatcher"), now=house.now))

    came = together(app, form, move, owned=(True, False))
    assert came == [None, None]
    assert [outage.calls for outage in active()] == [2]


@pytest.mark.databases
@pytest.mark.parametrize("seed", range(2))
def test_many_hands_on_one_feeder_leave_what_one_would(
    app: Flask, house: House, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Callers, meters and a dispatcher at once: afterwards all promises hold, and groups are what all calls give."""
    town = Town(seed, house, monkeypatch)
    below = [(code, place) for code, ids in town.world.customers.items() for place in range(len(ids))]

    def caller(thread: int) -> Callable[[], object]:
        chance = Random(seed * 100 + thread)

        def one(key: int) -> object:
            code, place = chance.choice(below[: len(below) // 2])
            trouble = Trouble(source="api", key=f"hand-{thread}-{key}", customer_id=town.world.customers[code][place])
            return db.run(lambda: report(trouble, actor=SYSTEM, now=town.now))

        return lambda: [one(key) for key in range(12)]

    def meters() -> None:
        chance = Random(seed)
        for key in range(8):
            code, place = chance.choice(below)
            kind = chance.choice(["last_gasp", "ping_alive", "restored"])
            signal = Signal(key=f"meter-{key}", meter_no=f"M{code}-{place}", kind=kind)
            db.run(partial(receive, [signal], actor=SYSTEM, now=town.now))

    def dispatcher() -> list[str]:
        refused = []
        for act in (town.confirm, town.move, town.split, town.join, town.move, town.split, town.confirm, town.move):
            try:
                act()
            except LightlineError as refusal:
                refused.append(refusal.code)
        return refused

    works = [caller(0), caller(1), caller(2), meters, dispatcher]
    came = together(app, *works, owned=(False,) * len(works))
    assert [each for each in came if isinstance(each, BaseException)] == []
    town.check()


@pytest.mark.databases
def test_the_database_itself_refuses_a_second_active_outage(world: World, house: House) -> None:
    world.call("T1", now=house.now)
    world.call("T1", customer=1, now=house.now)
    world.call("T5", now=house.now)
    one, other = active()
    taken = OutageCustomer(outage_id=other.id, customer_id=world.customers["T1"][0], out_at=house.now)
    for row in (taken, OutageDevice(outage_id=other.id, device_code="T1")):
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
    assert one.device_code == "T1"
    session.add(
        OutageCustomer(outage_id=other.id, customer_id=world.customers["T1"][0], out_at=house.now, active=False)
    )
    session.flush()
