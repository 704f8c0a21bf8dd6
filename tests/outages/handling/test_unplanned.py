"""An unplanned outage from the calls to the archive, through the real services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.customers.models import Contact
from app.engine import api as engine
from app.kernel import db, jobs
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.notify.models import Delivery
from app.notify.queries import notices_of
from app.outages.models import Outage, OutageEtr, OutageNotice, OutageStep, OutageTold, OutageVerification
from app.outages.operations import confirming, ending, restoring, verifying
from app.outages.operations.process import JOB
from app.workorders.models import WorkOrder
from app.workorders.operations.callback import record_callback, reopen
from tests.outages.world import World, active
from tests.workorders.house import SURVEY, House

HOUR = timedelta(hours=1)


def reach_everybody(world: World) -> None:
    """A mobile phone for every customer."""

    def give() -> None:
        for place, key in enumerate(one for ids in world.customers.values() for one in ids):
            session.add(Contact(customer_id=key, name="机主", role="owner", phone=f"+86138{place:08d}"))

    db.run(give)


def located(world: World, house: House) -> Outage:
    """Two calls below one transformer: a device outage, waiting to be judged."""
    for customer in range(2):
        world.call("T1", customer=customer, now=house.now)
    house.settle()
    (outage,) = active()
    return outage


def fresh(outage: Outage) -> Outage:
    session.expire_all()
    return session.get_one(Outage, outage.id)


def notices(outage: Outage) -> list[OutageNotice]:
    session.expire_all()
    query = sa.select(OutageNotice).where(OutageNotice.outage_id == outage.id).order_by(OutageNotice.id)
    return list(session.scalars(query))


def process(outage: Outage) -> engine.InstanceView:
    assert outage.instance_id is not None
    return engine.get_instance(outage.instance_id)


def test_the_dispatcher_confirms_and_the_crew_brings_supply_back(world: World, house: House) -> None:
    reach_everybody(world)
    outage = located(world, house)
    house.complete(
        outage.number, "confirm", "dispatcher", judgement="outage", confirm_cause="tree", confirm_weather="wind"
    )
    house.settle()
    outage = fresh(outage)
    assert (outage.status, outage.kind, outage.cause, outage.weather) == (
        "confirmed",
        "confirmed_device",
        "tree",
        "wind",
    )
    assert outage.etr_source == "rule"
    assert outage.etr_at is not None
    (notice,) = notices(outage)
    assert (notice.occasion, notice.kind, notice.recipients) == ("confirmed", "grid_fault", 3)
    assert notice.entered_at is not None
    assert outage.confirmed_at is not None
    assert notice.entered_at - outage.confirmed_at < timedelta(minutes=5)
    assert "树障" in notice.text
    assert "T1台区" in notice.text
    assert "Trees" in notice.text_en
    told = session.scalars(sa.select(OutageTold)).all()
    assert {(one.channel, one.state) for one in told} == {("sms", "handed")}
    assert len(session.scalars(sa.select(Delivery)).all()) == 3

    main = main_order(outage)
    house.complete(main, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    assert fresh(outage).status == "assigned"
    assert fresh(outage).crew_id == house.crew
    house.complete(main, "take", "crew_leader", take_action="take")
    house.complete(main, "depart", "crew_leader", depart_vehicle="浙A00001")
    assert fresh(outage).status == "en_route"
    house.complete(main, "arrive", "crew_leader", **PLACE)
    assert fresh(outage).status == "on_site"
    assert "ask_etr" in house.tasks(outage.number)
    etr = house.now + 2 * HOUR
    house.complete(main, "survey", "crew_leader", **SURVEY, etr=etr.isoformat())
    outage = fresh(outage)
    assert (outage.etr_at, outage.etr_source) == (etr, "crew")
    assert "ask_etr" not in house.tasks(outage.number), "the crew's order told it"
    assert [one.occasion for one in notices(outage)] == ["confirmed", "etr"]
    sources = session.scalars(sa.select(OutageEtr.source).order_by(OutageEtr.id)).all()
    assert sources == ["rule", "crew"]

    house.clock.advance(HOUR)
    house.complete(main, "repair", "crew_leader", repair_action="restored")
    outage = fresh(outage)
    assert (outage.status, outage.customers_out, outage.customers_restored) == ("verifying", 0, 3)
    steps = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id).order_by(OutageStep.n)).all()
    assert [(step.kind, step.customers) for step in steps] == [("out", 3), ("restored", 3)]
    assert steps[1].customer_minutes == pytest.approx(3 * 60)
    assert [one.occasion for one in notices(outage)] == ["confirmed", "etr", "restored"]

    asked = session.scalars(sa.select(OutageVerification)).all()
    assert outage.callbacks_pending == len(asked) == 3, "few customers: all are asked"
    for one in asked:
        house.do(verifying.answer, one.id, "restored", by="callback")
    outage = fresh(outage)
    assert (outage.status, outage.callbacks_pending) == ("closed", 0)
    assert process(outage).status == "completed"


PLACE: dict[str, Any] = {"arrive_lat": 30.2, "arrive_lon": 120.1, "arrive_accuracy": 9}


def main_order(outage: Outage) -> str:
    return session.get_one(WorkOrder, outage.main_order_id).number


def test_partial_restoration_adds_up_and_somebody_is_still_out(world: World, house: House) -> None:
    for transformer in ("T1", "T2", "T3"):
        for customer in range(2):
            world.call(transformer, customer=customer, now=house.now)
    house.settle()
    (outage,) = active()
    assert outage.device_code == "F1"
    began = outage.started_at
    house.complete(outage.number, "confirm", "dispatcher", judgement="outage")
    house.clock.advance(timedelta(minutes=30))
    done = house.do(restoring.restore, outage.number, ["T1", "T2"], note="隔离故障段")
    assert (done.customers, done.still_out) == (6, 6)
    assert fresh(outage).status == "partially_restored"
    house.clock.advance(timedelta(minutes=30))
    house.do(restoring.restore, outage.number)
    outage = fresh(outage)
    steps = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage.id)).all()
    assert sum(step.customer_minutes for step in steps) == pytest.approx(6 * 30 + 6 * 60)
    asked = session.scalars(sa.select(OutageVerification).where(OutageVerification.why == "caller")).all()
    assert len(asked) == 6, "who called the line without an order is asked here"
    nested = house.do(verifying.answer, asked[0].id, "still_out", by="callback", note="家里还没电")
    child = session.scalars(sa.select(Outage).where(Outage.number == nested)).one()
    assert (child.parent_id, child.started_at, child.customers_out) == (outage.id, began, 1)
    assert fresh(outage).customers_total == 11
    house.settle()
    assert "confirm" not in house.tasks(child.number), "a nested outage is confirmed already"
    minutes = session.scalar(
        sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == outage.id)
    )
    assert minutes == pytest.approx(6 * 30 + 6 * 60 - 30) or minutes == pytest.approx(6 * 30 + 6 * 60 - 60)


@pytest.mark.databases
def test_an_order_called_back_and_still_out_is_the_repair_of_a_nested_outage(world: World, house: House) -> None:
    orders = [house.accept(account_no=f"33T1-{n}", phone=f"1380013000{n}") for n in range(3)]
    house.settle()
    (outage,) = active()
    house.complete(outage.number, "confirm", "dispatcher", judgement="outage")
    house.settle()
    house.clock.advance(timedelta(minutes=30))
    house.do(restoring.restore, outage.number)
    house.do(open_again, orders[1].id, "still_out")
    house.do(open_again, orders[2].id, "unsatisfied")
    house.settle()
    session.expire_all()
    (nested,) = session.scalars(sa.select(Outage).where(Outage.parent_id == outage.id))
    assert (nested.main_order_id, nested.customers_out, nested.calls) == (orders[1].id, 1, 1)
    assert nested.started_at == fresh(outage).started_at
    assert session.scalar(sa.select(sa.func.count(WorkOrder.id))) == 3, "no order beside the one opened again"


def open_again(order_id: int, result: str, *, actor: Actor, now: datetime) -> None:
    """What the step of `callback` does after an attempt with this result."""
    order = session.get_one(WorkOrder, order_id)
    record_callback(order, way="phone", result=result, satisfaction="", opinion="", actor=actor, now=now)
    reopen(order, actor=actor, now=now)


def test_no_outage_ends_its_calls(world: World, house: House) -> None:
    outage = located(world, house)
    house.complete(outage.number, "confirm", "dispatcher", judgement="non_outage", non_outage_reason="mistaken")
    outage = fresh(outage)
    assert (outage.kind, outage.status, outage.customers_out) == ("non_outage", "cancelled", 0)
    assert process(outage).status == "completed"
    assert not notices(outage)


def test_nobody_judges_so_the_supervisor_is_told_once(world: World, house: House) -> None:
    outage = located(world, house)
    house.advance(timedelta(minutes=16))
    assert told_of(house, "supervisor", outage) == 1
    assert told_of(house, "dispatcher", outage) == 2, "reminded, then told of the escalation"


def told_of(house: House, post: str, outage: Outage) -> int:
    links = [one.link for one in notices_of(house.people[post].id).notices]
    return links.count(f"/outages/{outage.number}")


def test_supply_comes_back_before_anybody_judges(world: World, house: House) -> None:
    outage = located(world, house)
    house.do(restoring.restore, outage.number)
    outage = fresh(outage)
    assert outage.status in {"restored", "verifying"}


def test_a_prediction_that_has_supply_again_leaves_nobody_a_task(world: World, house: House) -> None:
    outage = located(world, house)
    assert "confirm" in house.tasks(outage.number)
    house.do(lambda actor, now: ending.supplied_again(fresh(outage), at=now, actor=actor, now=now))
    house.settle()
    assert process(fresh(outage)).status == "terminated"
    assert not house.tasks(outage.number)


def test_what_cannot_be_restored(world: World, house: House) -> None:
    outage = located(world, house)
    with pytest.raises(restoring.NothingOut):
        house.do(restoring.restore, outage.number, ["T9"])
    with pytest.raises(Invalid):
        house.do(restoring.restore, outage.number, at=house.now + HOUR)
    with pytest.raises(Invalid):
        house.do(restoring.restore, outage.number, at=outage.started_at - HOUR)
    house.do(restoring.restore, outage.number)
    with pytest.raises(restoring.NothingOut):
        house.do(restoring.restore, outage.number)


def test_a_call_does_not_wait_for_the_process_and_a_prediction_that_is_gone_starts_none(
    world: World, house: House
) -> None:
    for customer in (0, 1):
        world.call("T1", customer=customer, now=house.now)
    (outage,) = active()
    assert outage.instance_id is None
    house.settle()
    assert process(fresh(outage)).status == "active"
    tasks = house.tasks(outage.number)
    house.settle()  # the job again: nothing is started twice
    jobs.enqueue(JOB, {"outage": outage.id}, now=house.now)
    session.commit()
    house.settle()
    assert set(house.tasks(outage.number)) == set(tasks)
    for customer in (0, 1):
        world.call("T8", customer=customer, now=house.now)
    gone = next(each for each in active() if each.id != outage.id)
    house.do(confirming.cancel, gone.number, reason="误报")
    house.settle()
    assert (fresh(gone).status, gone.instance_id) == ("cancelled", None)
