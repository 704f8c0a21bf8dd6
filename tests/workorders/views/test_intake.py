"""The intake page: one order however often it is sent, the same fault found, callers added, limits shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.workorders.models import OrderRequest
from app.workorders.queries import list_orders, order_view
from app.workorders.queries.listing import Filters
from tests.identity.factories import sign_in
from tests.workorders.house import House, build

CALL = {
    "key": "a-key-of-the-page",
    "phone": "13900139000",
    "contact_name": "李强",
    "address": "青山县人民路 88 号",
    "description": "只有我家没电",
    "symptom": "one_household",
    "hazard": "none",
    "urgency": "normal",
    "importance": "none",
    "mood": "calm",
    "channel": "phone",
}

Post = Callable[..., Any]


@pytest.fixture
def agent(house: House, client: FlaskClient) -> Post:
    sign_in(client, house.people["agent"])

    def post(path: str = "/orders/new", **changes: str) -> Any:
        return client.post(path, data={**CALL, **changes})

    return post


def numbers(house: House) -> list[str]:
    page = list_orders(Filters(state=""), paths=["/"], now=house.now)
    return [row.order.number for row in page.rows]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_offers_its_fields(house: House, agent: Post, client: FlaskClient, language: str) -> None:
    page = client.get(f"/orders/new?lang={language}").get_data(as_text=True)
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
    assert ("断线落地" if language == "zh" else "Wire on the ground") in page
    assert "欠费复电" not in page


def test_a_report_becomes_an_order_in_the_proposed_unit(house: House, agent: Post, client: FlaskClient) -> None:
    answer = agent()
    assert answer.status_code == 302
    (number,) = numbers(house)
    assert answer.location == f"/orders/{number}/accepted"
    assert house.order(number).unit_code == "GM-LJ-QS"
    page = client.get(answer.location).get_data(as_text=True)
    assert "<span>2026</span><span>0302</span><span>0001</span>" in page


def test_a_double_submit_makes_one_order(house: House, agent: Post) -> None:
    first, second = agent(), agent()
    assert first.location == second.location
    assert len(numbers(house)) == 1
    changed = agent(address="青山县和平路 1 号", apart_reason="另一处")
    assert changed.status_code == 409
    assert numbers(house)[0] in changed.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""),
        ("description", " "),
        ("phone", "abc"),
        ("description", "长" * 2001),
        ("hazard", "dragon"),
        ("appointment_at", "tomorrow"),
        ("appointment_at", "2020-01-01T10:00"),
        ("unit", "NOWHERE"),
    ],
)
def test_each_field_is_refused_by_name(house: House, agent: Post, field: str, value: str) -> None:
    answer = agent(**{field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in page
    assert "李强" in page
    assert not numbers(house)


def test_a_hazard_raises_the_urgency_and_is_read_aloud(house: House, agent: Post) -> None:
    seen = agent("/orders/new/look", hazard="wire_down").get_data(as_text=True)
    assert "八米" in seen
    agent(hazard="wire_down")
    assert house.order(numbers(house)[0]).urgency == "urgent"


def test_what_is_known_shows_limits_caller_and_twins_with_reasons(house: House, agent: Post) -> None:
    house.accept()
    seen = agent("/orders/new/look", phone="13800138000", address="青山县解放路 12 号").get_data(as_text=True)
    assert "45 分钟" in seen
    assert "王芳" in seen
    assert "电话相同" in seen
    assert "地址相同" in seen
    important = agent("/orders/new/look", importance="first").get_data(as_text=True)
    assert "30 分钟" in important


def test_a_new_order_beside_a_twin_says_why(house: House, agent: Post) -> None:
    twin = house.accept().number
    refused = agent(phone="13800138000")
    assert refused.status_code == 422
    assert 'id="f-apart_reason-error"' in refused.get_data(as_text=True)
    assert agent(phone="13800138000", apart_reason="另一处房产").status_code == 302
    (event,) = [
        event
        for event in order_view(numbers(house)[0], actor=house.actor("agent"), now=house.now).events
        if event.kind == "kept_apart"
    ]
    assert event.params == {"others": [twin], "reason": "另一处房产"}


def test_the_same_caller_reminds_once(house: House, agent: Post) -> None:
    number = house.accept().number
    for _twice in range(2):
        answer = agent("/orders/new/remind", into=number, description="还没来人", address="")
        assert answer.location == f"/orders/{number}/accepted?how=reminded"
    details = order_view(number, actor=house.actor("agent"), now=house.now)
    assert (details.reminders, details.order.calls) == (1, 2)


def test_another_caller_is_added_and_called_back_too(house: House, agent: Post) -> None:
    main = house.accept().number
    answer = agent("/orders/new/join", into=main, description="", address="")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    child = answer.location.split("/")[2]
    assert house.order(child).status == "MERGED"
    assert house.order(main).calls == 2
    assert agent("/orders/new/join", into=main, description="", address="").location == answer.location
    house.to_callback(main)
    assert "call" in house.tasks(child)


def test_a_caller_cannot_be_added_to_a_reviewed_order(house: House, agent: Post) -> None:
    main = house.accept().number
    house.to_callback(main)
    refused = agent("/orders/new/join", into=main)
    assert refused.status_code == 409
    assert session.query(OrderRequest).count() == 0
    assert len(numbers(house)) == 1


def test_who_may_not_accept_orders_sees_nothing(house: House, client: FlaskClient) -> None:
    sign_in(client, house.people["reviewer"])
    for path in ("/orders/new", "/orders/new/look", "/orders/new/join"):
        assert client.post(path, data=CALL).status_code == 403
    assert client.get("/orders/new").status_code == 403


def test_a_refused_question_is_named_and_led_to(clock: FrozenClock, client: FlaskClient) -> None:
    sign_in(client, build(clock, "complaint").people["agent"])
    sent = {**CALL, "category": "complaint", "unit": "GM-LJ-QS", "symptom": ""}
    page = client.post("/orders/new?lang=en", data=sent)
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    target = re.search(r'<li><a href="#(f-q\.demand)">([^<:]+): ', text)
    assert target is not None
    assert f'id="{target[1]}"' in text
