"""What follows an outage: taken back where there was none, verified twice, ended without its process, made public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.customers.models import Contact, Customer
from app.engine import api as engine
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.notify.models import Delivery
from app.outages.bindings.storm import storm_watch
from app.outages.models import Outage, OutageStorm, OutageTold, OutageVerification
from app.outages.operations import calls, confirming, restoring, storms, verifying
from app.outages.queries import public
from app.outages.queries.storms import Counts
from tests.identity.factories import sign_in
from tests.outages.handling.test_unplanned import fresh, located, notices, process, reach_everybody
from tests.outages.world import World, active, calls_of
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def confirmed(world: World, house: House) -> Outage:
    outage = located(world, house)
    house.do(confirming.confirm, outage.number)
    house.settle()
    return fresh(outage)


def restored(world: World, house: House) -> Outage:
    outage = confirmed(world, house)
    house.clock.advance(HOUR)
    house.do(restoring.restore, outage.number)
    house.settle()
    return fresh(outage)


def texts() -> list[str]:
    session.expire_all()
    return list(session.scalars(sa.select(Delivery.text).order_by(Delivery.id)))


@pytest.mark.databases
def test_those_told_of_an_outage_that_was_none_are_told_so(world: World, house: House) -> None:
    reach_everybody(world)
    outage = confirmed(world, house)
    assert len(texts()) == 3
    house.do(confirming.cancel, outage.number, reason="核实供电正常")
    house.settle()
    assert [one.occasion for one in notices(outage)] == ["confirmed", "cancelled"]
    assert notices(outage)[1].recipients == 3
    assert "并未停电" in notices(outage)[1].text
    told = session.scalars(sa.select(OutageTold).where(OutageTold.notice_id == notices(outage)[1].id)).all()
    assert [one.state for one in told] == ["handed"] * 3


@pytest.mark.databases
def test_who_still_waits_to_be_told_hears_nothing_of_an_outage_that_was_none(world: World, house: House) -> None:
    reach_everybody(world)
    house.clock.set(house.now.astimezone(LOCAL).replace(hour=23))
    outage = confirmed(world, house)
    house.do(confirming.cancel, outage.number, reason="核实供电正常")
    house.settle()
    house.advance(MINUTE)
    house.clock.advance(10 * HOUR)
    house.settle()
    assert texts() == []
    assert {one.state for one in session.scalars(sa.select(OutageTold))} == {"overtaken"}


def test_an_outage_that_another_takes_in_is_not_taken_back(world: World, house: House) -> None:
    reach_everybody(world)
    outage = confirmed(world, house)
    for customer in (0, 1):
        world.call("T7", customer=customer, now=house.now)
    house.settle()
    other = next(one for one in active() if one.id != outage.id)
    house.do(calls.join, [outage.number], into=other.number, reason="同一故障")
    house.settle()
    assert [one.occasion for one in notices(outage)] == ["confirmed"]


def questions() -> list[OutageVerification]:
    session.expire_all()
    return list(session.scalars(sa.select(OutageVerification).order_by(OutageVerification.id)))


@pytest.mark.databases
def test_who_is_not_reached_is_called_again_before_the_outage_closes(world: World, house: House) -> None:
    outage = restored(world, house)
    for row in questions():
        house.do(verifying.answer, row.id, "unreached", by="callback")
    house.settle()
    assert (fresh(outage).status, fresh(outage).callbacks_pending) == ("verifying", 3)
    first, *others = questions()
    house.do(verifying.answer, first.id, "restored", by="callback")
    for row in others:
        house.do(verifying.answer, row.id, "unreached", by="callback")
    house.settle()
    assert (fresh(outage).status, fresh(outage).callbacks_pending) == ("closed", 0)
    assert [row.state for row in questions()] == ["restored", "unreached", "unreached"]


@pytest.mark.databases
def test_an_outage_whose_process_was_ended_by_hand_is_over_once_restored(world: World, house: House) -> None:
    outage = confirmed(world, house)
    db.run(lambda: engine.terminate(str(outage.instance_id), reason="试", actor=SYSTEM, now=house.now))
    house.settle()
    house.clock.advance(HOUR)
    house.do(restoring.restore, outage.number, ["T1"])
    house.settle()
    assert (fresh(outage).status, fresh(outage).instance_id) == ("closed", None)


def test_a_process_that_ends_by_hand_while_it_verifies_leaves_nothing_open(world: World, house: House) -> None:
    outage = restored(world, house)
    db.run(lambda: engine.terminate(str(outage.instance_id), reason="试", actor=SYSTEM, now=house.now))
    house.settle()
    assert fresh(outage).status == "closed"
    assert {call.state for call in calls_of(outage)} == {"closed"}


def test_a_prediction_whose_process_was_ended_gets_another_when_it_is_confirmed(world: World, house: House) -> None:
    outage = located(world, house)
    before = outage.instance_id
    db.run(lambda: engine.terminate(str(before), reason="试", actor=SYSTEM, now=house.now))
    house.settle()
    house.do(confirming.confirm, outage.number)
    house.settle()
    outage = fresh(outage)
    assert outage.instance_id not in (None, before)
    assert process(outage).status == "active"


def test_a_single_customers_outage_is_not_public(world: World, house: House) -> None:
    reach_everybody(world)
    world.call("T1", now=house.now)
    house.settle()
    (outage,) = active()
    house.do(confirming.confirm, outage.number)
    house.settle()
    assert notices(outage)
    assert public.public_outages(now=house.now) == []
    own = public.of_customers([world.customers["T1"][0]], now=house.now)
    assert [one.number for one in own.out] == [outage.number], "the customer is told"
    for customer in (0, 1):
        world.call("T7", customer=customer, now=house.now)
    house.settle()
    house.do(confirming.confirm, active()[1].number)
    house.settle()
    assert [one.number for one in public.public_outages(now=house.now)] == [active()[1].number]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many outages are under way everywhere."""

    def are(outages: int) -> None:
        monkeypatch.setattr(storms, "counts_of", lambda _path, *, now: Counts(outages, 100, 0, 50, 0))

    return are


@pytest.mark.databases
def test_a_declined_storm_is_not_proposed_again_at_once(house: House, counted: Callable[[int], None]) -> None:
    counted(20)
    assert storm_watch(house.now) == 1
    (storm,) = session.scalars(sa.select(OutageStorm))
    with pytest.raises(storms.StormNotBegun):
        db.run(lambda: storms.end(storm.number, actor=SYSTEM, now=house.now))
    house.complete(storm.number, "decide", "supervisor", storm_decision="decline")
    house.settle()
    house.clock.advance(2 * MINUTE)
    assert storm_watch(house.now) == 0
    counted(39)
    assert storm_watch(house.now) == 0
    counted(40)
    assert storm_watch(house.now) == 1, "twice as many outages are another matter"


def test_a_declined_storm_is_proposed_again_after_the_tables_time(house: House, counted: Callable[[int], None]) -> None:
    counted(20)
    storm_watch(house.now)
    house.advance(2 * HOUR + MINUTE)
    assert [one.state for one in session.scalars(sa.select(OutageStorm))] == ["declined"], "it lapsed"
    assert storm_watch(house.now) == 0
    house.clock.advance(6 * HOUR)
    assert storm_watch(house.now) == 1


def page(client: FlaskClient, outage: Outage, search: str = "") -> str:
    answer = client.get(f"/outages/{outage.number}/verification?search={search}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_who_may_not_see_customers_sees_and_finds_them_masked(world: World, house: House, client: FlaskClient) -> None:
    reach_everybody(world)
    outage = restored(world, house)
    first, second = world.customers["T1"][:2]

    def short_number() -> None:
        session.execute(sa.update(Contact).where(Contact.customer_id == first).values(phone="88012345"))
        session.execute(sa.update(Contact).where(Contact.customer_id == second).values(phone="+8613877777001"))

    db.run(short_number)
    sign_in(client, house.people["reviewer"])
    shown = page(client, outage)
    numbers = list(session.scalars(sa.select(Customer.number).where(Customer.id.in_([first, second]))))
    assert "完整户号" in shown
    for hidden in ("88012345", "77777", *numbers, "用户T1"):
        assert hidden not in shown, hidden
    for probe in ("77777", "8801", "T1-0", "用户T1"):
        assert "data-asked" not in page(client, outage, probe), probe
    assert page(client, outage, numbers[0]).count("data-asked") == 1, "who knows the whole account number"
    sign_in(client, house.people["callback"])
    assert numbers[1] in page(client, outage, "77777")
