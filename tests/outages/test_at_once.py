"""Two at one moment: the database keeps each customer in one outage, whoever comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.outages.models import OutageCustomer, OutageDevice
from app.outages.operations import calls
from app.outages.operations.find import OutageChanged
from app.outages.operations.trouble import Trouble, report
from tests.outages.world import World, active, calls_of, members_of
from tests.workorders.house import House


def together(app: Flask, *works: Callable[[], object]) -> list[object]:
    """Run these at one moment, each in a transaction of its own thread; what each returned or raised."""
    ready, came = threading.Barrier(len(works)), {}

    def run(place: int, work: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                came[place] = db.run(work)
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
