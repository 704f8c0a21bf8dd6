"""Escalations at their minutes, reminders, important customers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.errors import Conflict
from app.notify.models import Notice
from app.workorders import operations
from app.workorders.models import OrderEvent
from app.workorders.queries.limits import limits_of
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def escalations(stage: str) -> list[tuple[int, str]]:
    """(minute since acceptance, posts) of a stage's escalations, by per cent."""
    rows = session.scalars(sa.select(OrderEvent).where(OrderEvent.kind == "escalated").order_by(OrderEvent.id))
    return [(row.params["percent"], ",".join(row.params["posts"])) for row in rows if row.params["stage"] == stage]


def told(kind: str) -> list[int]:
    return list(session.scalars(sa.select(Notice.user_id).where(Notice.kind == kind).order_by(Notice.id)))


def test_the_limit_of_arrival_escalates_at_its_shares(house: House) -> None:
    number = house.accept().number
    house.complete(number, "dispatch", "dispatcher", MINUTE, dispatch_action="dispatch", crew=str(house.crew))
    house.complete(number, "take", "crew_leader", take_action="take")
    seen = {}
    for minute in range(2, 69):
        before = len(escalations("arrive"))
        house.advance(MINUTE)
        if len(escalations("arrive")) > before:
            seen[minute] = escalations("arrive")[-1]
    assert seen == {
        23: (50, "crew_leader"),
        36: (80, "dispatcher"),
        45: (100, "head,supervisor"),
        68: (150, "department"),
    }
    assert house.people["crew_leader"].id in told("escalation")
    assert house.people["department"].id in told("escalation"), "the department sits at the city above"
    house.complete(number, "depart", "crew_leader")
    house.complete(number, "arrive", "crew_leader")
    arrive = next(limit for limit in limits_of(house.order(number).id) if limit.stage == "arrive")
    assert (arrive.breached, arrive.state, arrive.escalated) == (True, "met", 150)


def test_a_limit_that_is_met_warns_nobody_any_more(house: House) -> None:
    number = house.accept().number
    house.to_site(number, minutes=10)
    house.advance(timedelta(hours=1))
    assert escalations("arrive") == []


def test_important_customers_have_their_own_limits(house: House) -> None:
    order = house.accept(importance="special")
    limits = {limit.stage: (limit.amount, limit.unit) for limit in limits_of(order.id)}
    assert limits == {"dispatch": (5, "min"), "arrive": (30, "min")}
    assert house.order(order.number).priority == 95


@pytest.mark.parametrize(("area", "minutes"), [("urban", 45), ("rural", 90), ("remote", 120)])
def test_arrival_depends_on_the_area(house: House, area: str, minutes: int) -> None:
    order = house.accept(area=area)
    arrive = next(limit for limit in limits_of(order.id) if limit.stage == "arrive")
    assert arrive.due_at - arrive.started_at == timedelta(minutes=minutes)


def test_a_reminder_tells_whoever_holds_the_order_twice_at_most(house: House) -> None:
    number = house.accept().number
    house.do(operations.remind, number, note="孩子要上网课", by="agent")
    assert told("reminder") == [house.people["dispatcher"].id]
    house.complete(number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    house.do(operations.remind, number, by="agent")
    assert told("reminder")[-1] == house.people["crew_leader"].id
    with pytest.raises(Conflict):
        house.do(operations.remind, number, by="agent")
    assert house.order(number).calls == 3
    house.complete(number, "answer", "dispatcher", reminder_answer="班组 10 分钟后到")
    house.do(operations.cancel, number, reason="withdrawn", by="agent")
    assert house.tasks(number) == {}


def test_a_task_is_due_when_its_limit_is(house: House) -> None:
    number = house.accept().number

    def due(element: str, stage: str) -> None:
        limit = next(limit for limit in limits_of(house.order(number).id) if limit.stage == stage)
        assert house.tasks(number)[element].due_at == limit.due_at

    due("dispatch", "dispatch")
    house.complete(number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    due("take", "take")
    house.complete(number, "take", "crew_leader", take_action="take")
    due("depart", "arrive")
    house.complete(number, "depart", "crew_leader", depart_vehicle="浙A12345")
    due("arrive", "arrive")
    house.complete(number, "arrive", "crew_leader", arrive_lat=30.1, arrive_lon=120.2)
    due("survey", "restore")
    house.repair(number)
    due("reply", "report")
    house.reply(number)
    due("review", "review")
    house.complete(number, "review", "reviewer", review_action="pass")
    house.settle()
    due("call", "callback")


def test_an_earlier_report_in_the_group_moves_the_due_time_of_the_task(house: House) -> None:
    early = house.accept().number
    house.advance(6 * MINUTE)
    main = house.accept(address="青山县解放路 14 号", phone="13800138001").number
    house.complete(main, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    house.complete(main, "take", "crew_leader", take_action="take")
    before = house.tasks(main)["depart"].due_at
    house.do(operations.merge, early, into=main, cause="同一条低压线路")
    after = house.tasks(main)["depart"].due_at
    assert before is not None
    assert after == before - 6 * MINUTE
