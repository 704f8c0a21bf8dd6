"""A planned outage from the request to the archive on a real grid, and that the same people hear of every change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.customers.models import Contact, Customer, CustomerSetting
from app.engine import api as engine
from app.forms.api import InvalidForm
from app.inbox import checks
from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Forbidden, Invalid
from app.keyaccounts import operations as accounts
from app.keyaccounts.models import OutageConsent
from app.network import grid
from app.notify.models import Notice
from app.outages.models import (
    Outage,
    OutageCustomer,
    OutageEvent,
    OutageNotice,
    OutagePlan,
    OutageRecipient,
    OutageStep,
    OutageTold,
)
from app.outages.operations import planning, restoring
from app.outages.operations.find import OutageOver
from app.outages.operations.planning import NotNow, PlanRequest
from app.outages.queries import public
from tests.outages.handling.grid_town import Place, one_customer, settle
from tests.workorders.house import House

pytestmark = pytest.mark.databases
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def place(house: House) -> Place:
    return settle(house)


def asked(house: House, place: Place, *, days: float = 10, hours: float = 4, **changes: Any) -> str:
    """An outage asked for by the planner, at 09:00 so many days from now."""
    begins = (house.now + days * DAY).astimezone(LOCAL).replace(hour=9, minute=0)
    values: dict[str, Any] = {"devices": [place.switch], "begins_at": begins, "ends_at": begins + hours * HOUR}
    request = PlanRequest(**{**values, "reason": "更换开关", **changes})
    return str(house.do(planning.request_outage, request, by="outage_planner"))


def outage(number: str) -> Outage:
    session.expire_all()
    return session.scalars(sa.select(Outage).where(Outage.number == number)).one()


def begin_of(number: str) -> datetime:
    """When an outage is to begin."""
    found = outage(number).planned_from
    assert found is not None
    return found


def told(number: str, occasion: str) -> set[int]:
    """The customers who were handed a notice of this occasion."""
    query = (
        sa.select(OutageTold.customer_id)
        .join(OutageNotice, OutageNotice.id == OutageTold.notice_id)
        .join(Outage, Outage.id == OutageNotice.outage_id)
        .where(Outage.number == number, OutageNotice.occasion == occasion, OutageTold.state == "handed")
    )
    return set(session.scalars(query))


def below(house: House, transformer: str) -> set[int]:
    """The customers of a transformer."""
    return {int(one) for one in grid.current(house.now).customer_ids(transformer)}


def refused(house: House, number: str, element: str, data: dict[str, Any]) -> dict[str, Any]:
    """The errors by field that completing a task with this would show; none where it may be."""
    try:
        checks.check(house.tasks(number)[element], data, now=house.now)
    except InvalidForm as refusal:
        return dict(refusal.errors)
    return {}


def pass_and_approve(house: House, number: str, **data: Any) -> None:
    house.complete(number, "review", "grid_planner", review_action="pass")
    house.complete(number, "approve", "head", approve_action="approve", **data)
    house.settle()


def until(house: House, instant: datetime) -> None:
    """Let the clock jump; timers and jobs that are due run."""
    house.clock.set(instant)
    for _ in range(3):
        house.settle()


def test_the_whole_way(house: House, place: Place) -> None:
    number = asked(house, place)
    plan = outage(number)
    assert (plan.status, plan.customers_total) == ("drafted", len(place.ids))
    pass_and_approve(house, number)
    assert outage(number).status == "noticed"
    assert told(number, "announced") == set(place.ids)
    assert [one.number for one in public.public_outages(now=house.now)] == [number]

    begins = begin_of(number)
    until(house, begins - DAY)
    assert told(number, "reminder") == set(place.ids)
    until(house, begins - timedelta(minutes=30))
    until(house, begins)
    house.complete(number, "switch_off", "dispatcher", switch_action="done")
    under_way = outage(number)
    assert (under_way.status, under_way.customers_out) == ("switching", len(place.ids))
    assert not grid.current(house.now).energised(place.transformers[0])
    assert (under_way.etr_at, under_way.etr_source) == (plan.planned_to, "plan")
    others = session.scalars(sa.select(Outage).where(Outage.id != plan.id)).all()
    assert not others, "opening the switch explains itself: no other outage is predicted"

    house.clock.advance(HOUR)
    house.complete(number, "work", "dispatcher", work_action="partial", restore_devices=[place.transformers[0]])
    assert outage(number).status == "partially_restored"
    later = begins + 6 * HOUR
    house.complete(
        number, "work", "dispatcher", work_action="extend", extend_to=later.isoformat(), work_reason="未完成"
    )
    house.settle()
    assert outage(number).planned_to == later
    back = {one for one in place.ids if one in below(house, place.transformers[0])}
    assert told(number, "extended") == set(place.ids) - back, "who has supply again is not told that it takes longer"
    house.clock.advance(HOUR)
    house.complete(number, "work", "dispatcher", work_action="restored")
    until(house, house.now + 3 * HOUR)
    done = outage(number)
    assert (done.status, done.customers_out, done.customers_restored) == ("closed", 0, len(place.ids))
    assert grid.current(house.now).energised(place.transformers[0])
    assert told(number, "restored") == set(place.ids)
    of_first = OutageCustomer.transformer_code == place.transformers[0]
    first = len(session.scalars(sa.select(OutageCustomer.id).where(of_first)).all())
    of_outage = OutageStep.outage_id == done.id
    minutes = session.scalar(sa.select(sa.func.sum(OutageStep.customer_minutes)).where(of_outage))
    assert minutes == pytest.approx(first * 60 + (len(place.ids) - first) * 120)


def test_changes_and_the_cancellation_reach_the_same_people(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    kept = set(session.scalars(sa.select(OutageRecipient.customer_id)))
    assert kept == set(place.ids)
    begins = begin_of(number) + 2 * DAY
    house.do(planning.reschedule, number, begins_at=begins, ends_at=begins + HOUR, reason="大雨", by="grid_planner")
    house.settle()
    assert told(number, "changed") == kept
    assert outage(number).planned_from == begins
    house.do(planning.call_off, number, reason="物资未到", by="outage_planner")
    house.settle()
    assert told(number, "cancelled") == kept
    assert outage(number).status == "cancelled"
    assert not public.public_outages(now=house.now)
    with pytest.raises(OutageOver):
        house.do(planning.call_off, number, reason="又一次", by="outage_planner")


def test_who_moved_away_wants_no_calls_or_came_later(house: House, place: Place) -> None:
    """Everybody told first hears of the change and the end, by the way that is right then; who left, no more."""
    calls, moves, quiet, landline = place.ids[:4]
    wish(house, calls, channels=["phone"])
    wish(house, landline, do_not_call=True)
    db.run(lambda: contact_of(landline).__setattr__("phone", "+8657188000000"))
    number = asked(house, place)
    pass_and_approve(house, number)
    first = told(number, "announced")
    assert first == set(place.ids) - {landline}
    assert ways(number, "announced")[calls] == "phone"
    assert ways(number, "announced")[landline] == "do_not_call"

    db.run(lambda: session.get_one(Customer, moves).__setattr__("status", "closed"))
    db.run(lambda: session.get_one(CustomerSetting, calls).__setattr__("do_not_call", True))
    wish(house, quiet, do_not_call=True)
    came = newcomer(house, place, 7)
    begins = begin_of(number) + 2 * DAY
    house.do(planning.reschedule, number, begins_at=begins, ends_at=begins + HOUR, reason="大雨", by="grid_planner")
    house.settle()
    assert told(number, "changed") == (first - {moves, calls}) | {came}
    assert ways(number, "changed")[moves] == "moved_away"
    assert ways(number, "changed")[calls] == "do_not_call", "the only way they chose is a call"
    assert ways(number, "changed")[quiet] == "sms"
    newcomer(house, place, 8)
    house.do(planning.call_off, number, reason="物资未到", by="outage_planner")
    house.settle()
    assert told(number, "cancelled") == told(number, "changed"), "nobody hears of an end without a beginning"


def wish(house: House, customer_id: int, **columns: Any) -> None:
    values = {"updated_at": house.now, "updated_by": "t", **columns}
    db.run(lambda: session.add(CustomerSetting(customer_id=customer_id, **values)))


def contact_of(customer_id: int) -> Contact:
    return session.scalars(sa.select(Contact).where(Contact.customer_id == customer_id)).one()


def newcomer(house: House, place: Place, n: int) -> int:
    """A customer connected below the planned switch since."""
    county = house.units["GM-LJ-QS"]
    return db.run(lambda: one_customer(place.transformers[0], n, county.code, county.path, house.now))


def ways(number: str, occasion: str) -> dict[int, str]:
    """By which way each customer was told of an occasion, or why not."""
    query = (
        sa.select(OutageTold.customer_id, OutageTold.channel, OutageTold.why)
        .join(OutageNotice, OutageNotice.id == OutageTold.notice_id)
        .join(Outage, Outage.id == OutageNotice.outage_id)
        .where(Outage.number == number, OutageNotice.occasion == occasion)
    )
    return {key: channel or why for key, channel, why in session.execute(query)}


def test_too_late_for_seven_days_unless_approved_as_temporary(house: House, place: Place) -> None:
    number = asked(house, place, days=3)
    house.complete(number, "review", "grid_planner", review_action="pass")
    house.complete(number, "approve", "head", approve_action="approve")
    assert "revise" in house.tasks(number), "refused: it goes back to its planner"
    begins = begin_of(number) + DAY
    house.complete(
        number,
        "revise",
        "outage_planner",
        revise_action="revise",
        new_from=begins.isoformat(),
        new_to=(begins + HOUR).isoformat(),
    )
    assert outage(number).planned_from == begins
    pass_and_approve(house, number, as_temporary=True, approve_note="设备缺陷，不宜久等")
    found = session.scalars(sa.select(OutagePlan)).one()
    assert (outage(number).status, found.as_temporary, found.round) == ("noticed", True, 2)


def test_an_important_customer_refuses_and_the_plan_goes_back(house: House, place: Place) -> None:
    customer = customer_number(place.ids[0])
    house.do(accounts.make_account, customer, by="account_manager")
    graded = {"consequence": "casualties", "scale": "large", "temporary": False}
    house.do(accounts.review_importance, customer, by="account_manager", **graded)
    number = asked(house, place)
    assert outage(number).important == 1
    house.complete(number, "review", "grid_planner", review_action="pass")
    consent = session.scalars(sa.select(OutageConsent)).one()
    assert consent.outage == number
    house.do(accounts.answer, consent.id, said="refused", note="有手术", by="account_manager")
    house.complete(consent.number, "decide", "head", consent_decision="respect", decision_note="改期")
    assert "revise" in house.tasks(number)


def customer_number(customer_id: int) -> str:
    return session.get_one(Customer, customer_id).number


def test_clashes_and_repeats_are_seen_before_it_is_asked_for(house: House, place: Place) -> None:
    number = asked(house, place)
    begins = begin_of(number)
    request = PlanRequest(devices=[place.transformers[0]], begins_at=begins + HOUR, ends_at=begins + 2 * HOUR)
    found = house.do(planning.look, request, by="outage_planner")
    assert [(clash.number, clash.how) for clash in found.clashes] == [(number, "upstream")]
    apart = PlanRequest(devices=[place.switch], begins_at=begins + 9 * HOUR, ends_at=begins + 10 * HOUR)
    assert not house.do(planning.look, apart, by="outage_planner").clashes
    with pytest.raises(Forbidden):
        house.do(planning.look, apart, by="dispatcher")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"devices": []}, "devices"),
        ({"devices": ["nowhere"]}, "devices"),
        ({"nature": "arrears"}, "nature"),
        ({"work": "sleeping"}, "work"),
        ({"hours": 20}, "ends_at"),
        ({"hours": -1}, "ends_at"),
        ({"days": -1}, "begins_at"),
    ],
)
def test_what_cannot_be_asked_for(house: House, place: Place, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(house, place, **changes)
    assert field in refused.value.details["errors"]


def test_only_what_is_announced_is_rescheduled(house: House, place: Place) -> None:
    number = asked(house, place)
    begins = begin_of(number) + DAY
    with pytest.raises(NotNow):
        house.do(planning.reschedule, number, begins_at=begins, ends_at=begins + HOUR, reason="雨", by="grid_planner")


def test_an_announced_outage_comes_forward_only_with_the_whole_notice(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    begins = begin_of(number)
    sooner = begins - 4 * DAY
    with pytest.raises(Invalid) as refused:
        house.do(planning.reschedule, number, begins_at=sooner, ends_at=sooner + HOUR, reason="提前", by="grid_planner")
    assert "begins_at" in refused.value.details["errors"]
    assert begin_of(number) == begins
    early = begins - DAY
    house.do(planning.reschedule, number, begins_at=early, ends_at=early + HOUR, reason="提前", by="grid_planner")
    assert begin_of(number) == early, "nine days away: enough"


def test_a_later_begin_needs_the_whole_notice_too(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - 3 * DAY)
    later = begin_of(number) + DAY
    moved = {"begins_at": later, "ends_at": later + HOUR, "reason": "大雨", "by": "grid_planner"}
    with pytest.raises(Invalid) as refused:
        house.do(planning.reschedule, number, **moved)
    assert "begins_at" in refused.value.details["errors"]
    assert begin_of(number) == later - DAY
    house.do(planning.reschedule, number, emergency=True, **moved)
    house.settle()
    assert begin_of(number) == later
    assert session.scalars(sa.select(OutagePlan.as_temporary)).one(), "it is on record that the notice was not kept"
    assert told(number, "changed") == set(place.ids)
    house.do(planning.reschedule, number, **{**moved, "ends_at": later + 2 * HOUR})
    assert outage(number).planned_to == later + 2 * HOUR, "the same begin, another end"


def test_the_dispatcher_postpones_with_the_notice_or_as_an_emergency(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - timedelta(minutes=30))
    soon, far = begin_of(number) + DAY, begin_of(number) + 8 * DAY

    def postponed(begins: datetime, **data: Any) -> dict[str, Any]:
        times = {"new_from": begins.isoformat(), "new_to": (begins + HOUR).isoformat()}
        return {"switch_action": "postpone", "switch_reason": "雷雨", **times, **data}

    assert set(refused(house, number, "switch_off", postponed(soon))) == {"new_from"}
    backwards = {**postponed(far), "new_to": soon.isoformat()}
    assert set(refused(house, number, "switch_off", backwards)) == {"new_to"}
    assert not session.scalars(sa.select(OutagePlan.as_temporary)).one(), "asking changes nothing"
    house.complete(number, "switch_off", "dispatcher", **postponed(soon, switch_emergency=True))
    house.settle()
    assert begin_of(number) == soon
    warned = sa.select(OutageEvent.params).where(OutageEvent.kind == "warned").order_by(OutageEvent.id.desc())
    assert (session.scalars(warned).first() or {})["about"] == "moved_late", "the supervisor hears of it"
    until(house, soon - timedelta(minutes=30))
    assert not refused(house, number, "switch_off", postponed(far))
    house.complete(number, "switch_off", "dispatcher", **postponed(far))
    assert begin_of(number) == far


def test_supply_is_not_cut_off_before_the_time_that_was_announced(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - timedelta(minutes=20))
    assert set(refused(house, number, "switch_off", {"switch_action": "done"})) == {"switch_action"}
    until(house, begin_of(number))
    assert not refused(house, number, "switch_off", {"switch_action": "done"})


def test_an_extension_and_a_step_that_cannot_be_are_told_at_the_field(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - timedelta(minutes=30))
    until(house, begin_of(number))
    house.complete(number, "switch_off", "dispatcher", switch_action="done")
    sooner = {"work_action": "extend", "extend_to": (house.now + HOUR).isoformat(), "work_reason": "未完"}
    assert set(refused(house, number, "work", sooner)) == {"extend_to"}
    part = {"work_action": "partial", "restore_devices": [place.transformers[0]]}
    assert not refused(house, number, "work", part)
    house.complete(number, "work", "dispatcher", **part)
    assert set(refused(house, number, "work", part)) == {"restore_devices"}


def test_restoring_on_the_page_closes_the_switches_too(house: House, place: Place) -> None:
    number = asked(house, place)
    pass_and_approve(house, number)
    until(house, begin_of(number) - timedelta(minutes=30))
    until(house, begin_of(number))
    house.complete(number, "switch_off", "dispatcher", switch_action="done")
    assert not grid.current(house.now).energised(place.transformers[0])
    house.do(restoring.restore, number)
    house.settle()
    assert outage(number).status == "closed"
    assert grid.current(house.now).energised(place.transformers[0])


def test_customers_hear_once_where_the_reminder_would_follow_at_once(house: House, place: Place) -> None:
    begins = house.now + 2 * HOUR
    number = asked(house, place, nature="temporary", begins_at=begins, ends_at=begins + HOUR)
    house.complete(number, "permit", "supervisor", approve_action="approve", emergency=True, approve_note="电缆头放电")
    house.settle()
    assert told(number, "announced") == set(place.ids)
    occasions = list(session.scalars(sa.select(OutageNotice.occasion)))
    assert occasions == ["announced"], "the reminder of four hours before would overtake it"


def test_a_temporary_outage_sent_back_tells_its_planner_why(house: House, place: Place) -> None:
    number = asked(house, place, nature="temporary", days=2)
    house.complete(number, "permit", "supervisor", approve_action="return", approve_note="改到周日")
    task = house.tasks(number)["replan"]
    data = engine.task_data(task.id)
    assert data["return_words"] == "退回原因：改到周日"
    assert datetime.fromisoformat(data["new_from"]) == begin_of(number), "the form starts from the times there are"
    told_to = sa.select(Notice.user_id).where(Notice.text.contains(number))
    assert house.people["outage_planner"].id in set(session.scalars(told_to))


def test_orderly_use_goes_its_way_to_the_archive(house: House, place: Place) -> None:
    begins = house.now + timedelta(hours=26)
    number = asked(house, place, nature="orderly", work="orderly", begins_at=begins, ends_at=begins + 2 * HOUR)
    house.complete(number, "permit", "supervisor", approve_action="approve")
    house.settle()
    announced = session.scalars(sa.select(OutageNotice)).one()
    assert (announced.kind, announced.occasion) == ("orderly", "announced")
    assert "有序用电方案" in announced.text
    assert told(number, "announced") == set(place.ids)
    until(house, begins - 2 * HOUR)
    assert told(number, "reminder") == set(place.ids)
    until(house, begins - timedelta(minutes=10))
    until(house, begins)
    house.complete(number, "switch_off", "dispatcher", switch_action="done")
    house.clock.advance(timedelta(minutes=45))
    house.complete(number, "work", "dispatcher", work_action="restored")
    until(house, house.now)
    done = outage(number)
    assert (done.status, done.customers_restored) == ("closed", len(place.ids))
    assert told(number, "restored") == set(place.ids)
    minutes = session.scalar(sa.select(sa.func.sum(OutageStep.customer_minutes)).where(OutageStep.outage_id == done.id))
    assert minutes == pytest.approx(45 * len(place.ids))


def test_a_temporary_outage_needs_a_day_for_important_customers_alone(house: House, place: Place) -> None:
    begins = house.now + 6 * HOUR
    number = asked(house, place, nature="temporary", begins_at=begins, ends_at=begins + HOUR)
    house.complete(number, "permit", "supervisor", approve_action="approve", emergency=True, approve_note="电缆头放电")
    house.settle()
    assert outage(number).status == "noticed"
    assert told(number, "announced") == set(place.ids)
    notice = session.scalars(sa.select(OutageNotice)).one()
    assert (notice.kind, notice.occasion) == ("temporary", "announced")
    assert "临时停电" in notice.text
