"""The desk's pages and fragments."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from app.desk.operations import sync_templates
from app.desk.queries import conversations_of, open_conversation, templates_for
from app.kernel import db
from app.workorders.queries import list_orders
from app.workorders.queries.listing import Filters
from tests.customers.accounts import make_contact, make_customer
from tests.identity.factories import sign_in
from tests.workorders.house import House

INQUIRY = {
    "category": "inquiry", "phone": "13800138000", "address": "解放路 12 号", "description": "电费怎么算",
    "unit": "GM-LJ-QS", "channel": "phone", "key": "k1", "urgency": "normal", "importance": "none", "mood": "calm",
}  # fmt: skip

HTMX = {"HX-Request": "true"}


@pytest.fixture
def agent(house: House, client: FlaskClient) -> FlaskClient:
    customer = make_customer(house.units["GM-LJ-QS"], "3301005566", cut_off=True)
    make_contact(customer, phone="+8613800138000")
    db.run(lambda: sync_templates(now=house.now))
    sign_in(client, house.people["agent"])
    return client


def test_an_empty_desk_says_how_to_begin(agent: FlaskClient) -> None:
    page = agent.get("/desk/").text
    assert "在上方输入来电号码" in page
    assert "开场白" in page


def test_a_caller_is_found_and_noted(agent: FlaskClient, house: House) -> None:
    shown = agent.post("/desk/caller", data={"typed": "13800138000"}, headers=HTMX).text
    assert "3301005566" in shown
    assert "登记欠费复电" in shown
    conversation = open_conversation(house.people["agent"].id)
    assert conversation is not None
    assert (conversation.number, conversation.customer_number) == ("13800138000", "3301005566")


def test_another_caller_does_not_inherit_what_was_typed(agent: FlaskClient, house: House) -> None:
    agent.post("/desk/caller", data={"typed": "13800138000"}, headers=HTMX)
    agent.post("/desk/look", data=INQUIRY)
    assert "电费怎么算" in agent.get("/desk/").text
    answer = agent.post("/desk/caller", data={"typed": "13900139000"}, headers=HTMX)
    where = json.loads(answer.headers["HX-Location"])
    assert (where["path"], where["target"]) == ("/desk/", "#desk-work"), "the phone above stays as it is"
    assert "电费怎么算" not in agent.get("/desk/").text


def test_sent_before_the_script_is_ready_it_works_too(agent: FlaskClient) -> None:
    answer = agent.post("/desk/caller", data={"typed": "13800138000"})
    assert answer.location == "/desk/"
    assert "3301005566" in agent.get("/desk/").text


def test_an_order_is_taken_without_leaving_the_page(agent: FlaskClient, house: House) -> None:
    agent.post("/desk/caller", data={"typed": "13800138000"}, headers=HTMX)
    shown = agent.post("/desk/take", data=INQUIRY).text
    assert "工单已受理" in shown
    (row,) = list_orders(Filters(), paths=["/"], now=house.now).rows
    (conversation,) = conversations_of(house.people["agent"].id, since=house.now)
    assert (conversation.orders, conversation.result) == ([row.order.number], "order")
    form = agent.get("/desk/").text.partition('id="intake"')[2]
    assert "电费怎么算" not in form, "what was sent is no draft any more"


def test_answered_at_once_it_is_closed(agent: FlaskClient, house: House) -> None:
    shown = agent.post("/desk/take", data=INQUIRY | {"solution": "按年分三档"}).text
    assert "已当场办结" in shown
    (conversation,) = conversations_of(house.people["agent"].id, since=house.now)
    assert (conversation.result, conversation.category) == ("solved", "inquiry")


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(agent: FlaskClient) -> None:
    shown = agent.post("/desk/take", data=INQUIRY | {"description": ""}).text
    assert 'id="f-description-error"' in shown
    assert "解放路 12 号" in shown


def test_another_category_keeps_what_was_typed(agent: FlaskClient) -> None:
    shown = agent.post("/desk/fields", data=INQUIRY | {"category": "service_request"}).text
    assert "电费怎么算" in shown
    assert 'data-desk-category="service_request" aria-pressed="true"' in shown


def test_answers_and_templates_come_for_the_words_and_the_category(agent: FlaskClient, house: House) -> None:
    shown = agent.get("/desk/answers?q=电费&category=fault_repair&address=解放路").text
    assert "没有找到合适的答案" in shown
    assert "触电提醒" in shown
    assert "您好，这里是光明热线，工号agent1为您服务" in shown


def test_a_call_of_the_telephone_begins_a_conversation(agent: FlaskClient, house: House) -> None:
    for _ in range(2):
        agent.post("/desk/call", data={"number": "13800138000", "call_ref": "u-1"})
    (conversation,) = conversations_of(house.people["agent"].id, since=house.now)
    assert conversation.number == "13800138000"
    assert agent.post("/desk/call", data={"number": "1", "direction": "x"}).status_code == 422


def test_templates_are_kept_and_deleted(agent: FlaskClient, house: House) -> None:
    mine = house.people["agent"].id
    agent.post("/desk/templates", data={"title": "我的", "text": "请稍等，{customer}"})
    own = [one for one in templates_for(mine, paths=["/"]) if one.own]
    assert [one.text for one in own] == ["请稍等，{customer}"]
    assert agent.post("/desk/templates", data={"title": "", "text": ""}).status_code == 422
    agent.post(f"/desk/templates/{own[0].id}/delete")
    assert not [one for one in templates_for(mine, paths=["/"]) if one.own]
    shared = templates_for(mine, paths=["/"])[0]
    assert agent.post(f"/desk/templates/{shared.id}/delete").status_code == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens(agent: FlaskClient, lang: str) -> None:
    for path in ("/desk/", "/desk/today", "/desk/templates", "/desk/caller", "/desk/answers"):
        assert agent.get(path, query_string={"lang": lang}).status_code == 200


def test_the_desk_is_for_agents(house: House, client: FlaskClient) -> None:
    sign_in(client, house.people["crew"])
    assert client.get("/desk/").status_code == 403
