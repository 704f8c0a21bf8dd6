"""A complaint from intake to archive: limits, grade, the answer by mail, a customer who is not content."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity.operations import close_unit
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.notify import channels
from app.notify.channels import Message, Outcome, Undeliverable
from app.notify.queries import deliveries_of
from app.workorders import operations
from app.workorders.operations import dissolving
from app.workorders.operations.find import get_order
from app.workorders.operations.joining import join
from app.workorders.operations.limits import running_stages
from app.workorders.queries.details import order_view
from app.workorders.queries.duplicates import possible_duplicates
from app.workorders.queries.limits import limits_of
from tests.identity.factories import sign_in
from tests.workorders.desk import COMPLAINT, REPLY, close, hand_out, investigate
from tests.workorders.house import REPORT, House, build

DAY = timedelta(days=1)


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "complaint", "opinion")


@pytest.mark.databases
def test_a_complaint_runs_to_the_archive_and_opens_again_where_the_customer_is_not_content(house: House) -> None:
    number = house.accept(**COMPLAINT).number
    order = house.order(number)
    assert (order.status, order.grade, order.lead_unit) == ("NEW", "general", "GM-LJ-QS")
    assert running_stages(get_order(order.id)) == {"dispatch", "contact", "handle", "total"}
    hand_out(house, number)
    investigate(house, number, reply_measures="")
    assert "handle" in house.tasks(number)  # refused: well founded, yet no measures
    house.complete(number, "handle", "clerk", **REPLY)
    house.complete(number, "review", "reviewer", review_action="send_back", send_back_reasons=["incomplete"])
    house.complete(number, "handle", "clerk", **REPLY)
    house.complete(number, "review", "reviewer", review_action="pass")
    house.complete(number, "answer", "agent", answer_text="已处理", answer_way="phone")
    house.settle()
    house.complete(
        number, "visit", "callback", visit_result="unresolved", satisfaction="dissatisfied", callback_opinion="没道歉"
    )
    again = house.order(number)
    assert (again.status, again.round) == ("NEW", 2)
    assert "rehandle" in running_stages(get_order(order.id))
    hand_out(house, number)
    investigate(house, number)
    close(house, number)
    done = house.order(number)
    assert (done.status, done.outcome, done.result) == ("ARCHIVED", "answered", "founded")
    details = order_view(number, actor=house.actor("agent"), now=house.now)
    assert [stage.stage for stage in details.stages] == ["contact", "contact"]
    assert {limit.stage for limit in limits_of(order.id) if limit.state == "met"} >= {"dispatch", "contact", "rehandle"}


def test_the_answer_goes_out_by_text_message_and_comes_back_to_the_agent_where_it_fails(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Message] = []

    def gateway(message: Message) -> Outcome:
        if message.to.startswith("+86139"):
            raise Undeliverable("BAD_NUMBER")
        sent.append(message)
        return Outcome("sent", "r1")

    monkeypatch.setitem(channels._senders, "sms", gateway)
    number = house.accept(**COMPLAINT, answer_way="sms").number
    hand_out(house, number)
    investigate(house, number)
    house.complete(number, "review", "reviewer", review_action="pass")
    house.complete(number, "answer", "agent", answer_text="已处理", answer_way="sms", answer_to="+8613900000000")
    house.settle()
    assert house.tasks(number)["answer"].assignee_id == house.people["agent"].id
    house.complete(number, "answer", "agent", answer_text="已处理", answer_way="sms")
    house.settle()
    assert [message.to for message in sent] == ["+8613800138000"]
    assert [row.state for row in deliveries_of("order", number)] == ["sent", "failed"]
    assert house.order(number).status == "ANSWERED"


@pytest.mark.databases
def test_limits_warn_and_a_wrong_category_keeps_the_clock(house: House) -> None:
    accepted = house.now
    number = house.accept(**COMPLAINT).number
    hand_out(house, number)
    house.advance(timedelta(hours=1))
    house.do(operations.recategorise, number, category="opinion", reason="实为意见", by="supervisor")
    order = house.order(number)
    assert (order.category, order.first_category, order.status) == ("opinion", "complaint", "NEW")
    handle = [limit for limit in limits_of(order.id) if limit.state == "running" and limit.stage == "handle"]
    assert [(limit.amount, limit.started_at) for limit in handle] == [(9.0, accepted)]
    hand_out(house, number)
    house.complete(number, "handle", "clerk", **{**REPLY, "reply_result": "adopted", "reply_measures": ""})
    close(house, number)
    assert house.order(number).status == "ARCHIVED"


def test_a_new_category_asks_its_questions(house: House, client: FlaskClient) -> None:
    number = house.accept(
        category="opinion", sub_type="", symptom="", description="对收费有意见", details={"proposal": "公开"}
    ).number
    sign_in(client, house.people["supervisor"])
    asked = client.post("/orders/recategorise/questions", data={"kind": "complaint/complaint_service"})
    assert 'name="q.demand"' in asked.get_data(as_text=True)
    sent = {"kind": "complaint/complaint_service", "reason": "实为投诉"}
    refused = client.post(f"/orders/{number}/recategorise", data=sent)
    assert refused.status_code == 422
    assert 'name="q.demand"' in refused.get_data(as_text=True)
    assert house.order(number).category == "opinion"
    answers = {"q.happened_on": "2026-03-01", "q.demand": "道歉", "q.against_staff": "三号窗口"}
    done = client.post(f"/orders/{number}/recategorise", data={**sent, **answers})
    assert done.status_code == 302, done.get_data(as_text=True)
    order = house.order(number)
    assert (order.category, order.details["demand"], order.details["proposal"]) == ("complaint", "道歉", "公开")
    page = client.get(f"/orders/{number}").get_data(as_text=True)
    assert "三号窗口" in page
    assert "<dt>proposal</dt>" not in page


def test_a_complaint_not_contacted_in_a_day_is_escalated(house: House) -> None:
    number = house.accept(**COMPLAINT).number
    hand_out(house, number)
    house.clock.set(house.now + timedelta(hours=20))
    house.settle()
    contact = next(limit for limit in limits_of(house.order(number).id) if limit.stage == "contact")
    assert contact.escalated == 80
    house.clock.set(house.now + DAY)
    house.settle()
    contact = next(limit for limit in limits_of(house.order(number).id) if limit.stage == "contact")
    assert contact.breached
    assert contact.escalated == 150


@pytest.mark.databases
def test_a_dissolved_unit_hands_on_its_orders_and_tasks(house: House) -> None:
    under_way = house.accept(**COMPLAINT).number
    hand_out(house, under_way)
    replied = house.accept(**COMPLAINT).number
    hand_out(house, replied)
    investigate(house, replied)
    limits = {limit.stage: limit.due_at for limit in limits_of(house.order(under_way).id)}
    db.run(lambda: close_unit(house.units["GM-LJ-QS"].id, actor=SYSTEM, now=house.now))
    house.advance(timedelta(minutes=1))
    assert dissolving.sweep(house.now) > 0
    assert house.order(under_way).unit_code == "GM-LJ"
    assert house.tasks(under_way)["dispatch"].candidates == (("group", "dispatcher@GM-LJ"),)
    assert house.tasks(replied)["review"].candidates == (("group", "reviewer@GM-LJ"),)
    assert {limit.stage: limit.due_at for limit in limits_of(house.order(under_way).id)} == limits
    house.complete(replied, "review", "city_reviewer", review_action="pass")
    assert dissolving.sweep(house.now) == 0


def test_the_same_complaint_by_two_channels_is_proposed_joined_and_follows(house: House) -> None:
    first = house.accept(**COMPLAINT)
    again = replace(REPORT, **COMPLAINT, channel="platform_12345", external_no="12345-77")
    seen = possible_duplicates(phone=REPORT.phone, account_no="", address="", category="complaint", now=house.now)
    assert [twin.order.number for twin in seen] == [first.number]
    second = house.do(join, again, into=first.number, cause="同一事件", key="", by="agent").order
    assert (house.order(second.number).status, house.order(second.number).external_no) == ("MERGED", "12345-77")
    hand_out(house, first.number)
    investigate(house, first.number)
    house.complete(first.number, "review", "reviewer", review_action="pass")
    followed = house.order(second.number)
    assert (followed.status, followed.result, followed.answer) == ("REVIEWED", "founded", REPLY["reply_answer"])
    assert "answer" in house.tasks(second.number)
