"""A person who asked for secrecy is never shown to the unit complained of: hunted through everything they can open."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.identity.queries import UserView
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify.models import Notice
from app.web import pdf
from app.workorders import operations
from app.workorders.operations import Report
from app.workorders.operations.requests import accept_once
from app.workorders.queries.details import order_view
from app.workorders.queries.duplicates import possible_duplicates
from app.workorders.search import index
from tests.identity.factories import actor_of, make_user, sign_in
from tests.workorders.desk import COMPLAINT, hand_out, investigate
from tests.workorders.house import House, build

NAME, PHONE, ADDRESS, ACCOUNT = "欧阳静怡", "13812345678", "青山县百合巷 77 号", "3301009988"
SPOKEN = "138 1234 5678"
WRITTEN = ("欧阳女士", "1381234 5678", "百合巷77号")
"""The person as people write them: a surname, other groups of digits, the address without its county."""

WORDS = (NAME, PHONE, SPOKEN, ADDRESS, ACCOUNT, *WRITTEN)


def told(text: str) -> list[str]:
    """The words of the person that a text holds, as they are or as scripts write them (`\\u6b27`)."""
    return [word for word in WORDS if word in text or json.dumps(word)[1:-1] in text]


SECRET = {
    **COMPLAINT,
    "contact_name": NAME,
    "phone": PHONE,
    "address": ADDRESS,
    "account_no": ACCOUNT,
    "secrecy": "confidential",
    "description": f"{NAME}（{PHONE}，住{ADDRESS}）反映营业厅人员态度恶劣，{'，'.join(WRITTEN)}",
    "details": {"happened_on": "2026-03-01", "demand": f"向{NAME}道歉", "place": ADDRESS},
}
AWAY = ("/live", "/metrics", "/sign-", "/profile", "/knowledge")
"""Addresses that stream, end the session, or know no orders."""

POSTS = ("clerk", "head", "supervisor", "dispatcher", "reviewer", "callback", "department", "analyst", "agent")


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    return build(clock, "complaint")


@pytest.fixture
def number(house: House) -> str:
    return story(house, demand=f"{NAME}要求道歉，电话{SPOKEN}")


def story(house: House, *, demand: str) -> str:
    """A secret complaint about the county, taken by a city agent; the county's clerk holds it; people talk."""
    number = house.accept(by="city_agent", **SECRET).number
    hand_out(house, number, lead="city_dispatcher")
    house.do(operations.remind, number, note=f"{NAME}又来电，{SPOKEN}", by="city_agent")
    house.do(
        operations.request_assistance, number, unit="GM-LJ-BH", request=f"请协助核实{NAME}的诉求", by="city_dispatcher"
    )
    house.settle()
    investigate(house, number, contact="department", demand=demand)
    house.complete(number, "assist", "other_leader", assist_result="已核实")
    house.complete(number, "review", "city_reviewer", review_action="send_back", send_back_reasons=["incomplete"])
    return number


def done_tasks(number: str) -> list[str]:
    """The tasks of the order that were completed: their pages show what was typed."""
    task = engine.Task
    found = session.scalars(sa.select(task.id).where(task.business_key == number, task.state != "open"))
    return list(found)


@pytest.fixture
def insider(house: House) -> UserView:
    """Somebody who holds every post in the unit complained of."""
    unit = house.units["GM-LJ-QS"]
    return make_user("insider", posts=[(post, unit) for post in POSTS], name="内部人")


def pages(app: Flask, number: str, house: House) -> list[str]:
    """Every address an order, its tasks and cases have, lists and searches with the person's words, and the API's."""
    words = ("GD", NAME, PHONE, ADDRESS, ACCOUNT)
    order = house.order(number)
    tasks = [task.id for task in house.tasks(number).values()] + done_tasks(number)
    instances = [view.id for view in engine.list_instances(business_key=number)]
    found = [f"/orders?state=&q={word}" for word in words] + [f"/api/v1/orders?state=&q={word}" for word in words]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = rule.arguments
        if not names:
            found.append(rule.rule)
        elif names == {"number"}:
            found.append(rule.rule.replace("<number>", number))
        elif names == {"task_id"}:
            found += [rule.rule.replace("<task_id>", task) for task in tasks]
        elif names == {"instance_id"}:
            found += [rule.rule.replace("<instance_id>", instance) for instance in instances]
    found.append(f"/live/versions?topics=order:{order.id}")
    return [path for path in found if not path.startswith(AWAY)]


def test_the_person_is_found_nowhere_by_the_unit_complained_of(
    app: Flask,
    house: House,
    client: FlaskClient,
    number: str,
    insider: UserView,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a print is read before it is drawn: what is in the page is in the file
    monkeypatch.setattr(pdf, "from_html", str.encode)
    sign_in(client, insider)
    opened = 0
    for path in pages(app, number, house):
        answer = client.get(path)
        opened += answer.status_code == 200
        text = answer.get_data().decode("utf-8", "replace")
        # an address that says what was asked for is not an answer: the words stand in the page's own search field
        asked = path.partition("q=")[2]
        shown = text.replace(asked, "") if asked else text
        assert not [word for word in told(shown) if word != asked], path
        if asked and asked != "GD":
            assert number not in text, path
    assert opened > 40
    assert not told(caplog.text)


def test_variables_notices_titles_and_the_index_do_not_hold_the_person(house: House) -> None:
    number = story(house, demand="要求道歉")  # what somebody types into a form is kept; the pages take it out
    for view in engine.list_instances(business_key=number):
        held = f"{view} {engine.variables(view.id)} {engine.history(view.id)} {engine.open_tasks(view.id)}"
        assert not [word for word in WORDS if word in held], view.process_key
    notices = " ".join(session.scalars(sa.select(Notice.text)))
    assert "＊＊＊" in notices
    assert not [word for word in WORDS if word in notices]
    assert session.scalars(index.match(NAME)).all() == []


def test_a_number_that_is_asked_for_does_not_tell_whose_complaint_it_was(
    house: House, number: str, insider: UserView
) -> None:
    asked = {"phone": PHONE, "account_no": ACCOUNT, "address": ADDRESS, "now": house.now}
    assert possible_duplicates(actor=actor_of(insider), **asked) == []
    assert [twin.order.number for twin in possible_duplicates(actor=house.actor("city_agent"), **asked)] == [number]


def test_who_must_call_the_person_sees_them(house: House, client: FlaskClient, number: str) -> None:
    sign_in(client, house.people["city_callback"])
    page = client.get(f"/orders/{number}").get_data(as_text=True)
    assert NAME in page
    assert PHONE in page


def test_the_unit_complained_of_does_not_contact_a_person_it_must_not_know(house: House) -> None:
    number = house.accept(by="city_agent", **SECRET).number
    hand_out(house, number, lead="city_dispatcher")
    task = house.tasks(number)["contact"]
    assert (task.assignee_id, list(task.candidates)) == (None, [("group", "department@GM-LJ")])


def test_the_time_line_names_no_other_order_of_the_person(house: House, number: str) -> None:
    open_report = {**COMPLAINT, "unit": "GM-LJ-QS", "address": ADDRESS, "phone": PHONE}
    told = {}
    for secrecy in ("none", "confidential"):
        report = Report(**(open_report | {"secrecy": secrecy, "symptom": ""}))
        made = house.do(
            accept_once, report, key="", apart_from=[number, "GD1"], apart_reason="另一件事", by="city_agent"
        ).order
        seen = order_view(made.number, actor=house.actor("city_agent"), now=house.now)
        told[secrecy] = [event.params for event in seen.events]
    assert number not in str(told)
    assert "GD1" not in str(told["confidential"])
