"""The pages of orders and crews, as people of different posts see them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.workorders import operations
from app.workorders.queries import crews_under
from tests.identity.factories import sign_in
from tests.workorders.house import House


@pytest.fixture
def number(house: House) -> str:
    return house.accept().number


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_order_page_shows_what_was_reported_and_what_may_be_done(
    house: House, client: FlaskClient, number: str, language: str
) -> None:
    sign_in(client, house.people["dispatcher"])
    page = text(client, f"/orders/{number}?lang={language}")
    assert number in page
    assert "13800138000" in page
    assert f"/orders/{number}/suspend" in page
    assert ("挂起" if language == "zh" else "Suspend") in page


def test_the_page_of_an_archived_order_offers_nothing(house: House, client: FlaskClient, number: str) -> None:
    house.to_callback(number)
    house.complete(number, "call", "callback", callback_result="restored", satisfaction="satisfied")
    sign_in(client, house.people["dispatcher"])
    page = text(client, f"/orders/{number}")
    assert "order-action" not in page
    assert "清除树枝" in page


def test_numbers_are_masked_for_those_without_the_right(house: House, client: FlaskClient, number: str) -> None:
    sign_in(client, house.people["reviewer"])
    page = text(client, f"/orders/{number}")
    assert "13800138000" not in page
    assert "138****8000" in page


def test_another_units_people_may_not_see_the_order(house: House, client: FlaskClient, number: str) -> None:
    sign_in(client, house.people["other_dispatcher"])
    text(client, f"/orders/{number}", 403)
    assert number not in text(client, "/orders")
    text(client, "/orders/GD209901010001", 404)


def test_an_action_is_done_or_refused_at_its_field(house: House, client: FlaskClient, number: str) -> None:
    sign_in(client, house.people["dispatcher"])
    refused = client.post(f"/orders/{number}/cancel", data={"reason": ""})
    assert refused.status_code == 422
    assert "field-error" in refused.get_data(as_text=True)
    done = client.post(f"/orders/{number}/cancel", data={"reason": "wrong_report"})
    assert done.status_code == 302
    assert house.order(number).status == "CANCELLED"
    again = client.post(f"/orders/{number}/cancel", data={"reason": "wrong_report"})
    assert again.status_code == 409
    assert client.post(f"/orders/{number}/explode").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=解放", True),
        ("q=13800138000", True),
        ("q=3301005566", True),
        ("q=不存在的路", False),
        ("state=closed", False),
        ("state=NEW", True),
        ("unit=GM-LJ-QS", True),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("overdue=1", False),
    ],
)
def test_the_list_finds_orders(house: House, client: FlaskClient, number: str, query: str, found: bool) -> None:
    sign_in(client, house.people["dispatcher"])
    page = text(client, f"/orders?{query}")
    assert (f"/orders/{number}" in page) is found


def test_the_task_page_shows_the_order_beside_the_form(house: House, client: FlaskClient, number: str) -> None:
    sign_in(client, house.people["dispatcher"])
    task = house.tasks(number)["dispatch"]
    page = text(client, f"/tasks/{task.id}")
    assert "解放路 12 号" in page
    assert f"/orders/{number}" in page


def test_crews_are_shown_edited_and_come_on_duty(house: House, client: FlaskClient) -> None:
    sign_in(client, house.people["dispatcher"])
    assert "抢修一班" in text(client, "/crews")
    client.post(f"/crews/{house.crew}/duty", data={"on_duty": "0"})
    data = {"unit": "GM-LJ-QS", "name": "抢修三班", "leader": "crew_leader1 班长", "members": "crew1", "active": "1"}
    assert client.post("/crews/new", data=data).status_code == 302
    assert client.post("/crews/new", data={**data, "name": "", "phone": "abc"}).status_code == 422
    crews = {crew.name: crew for crew in crews_under(["/"])}
    assert crews["抢修三班"].members == ("crew1", "crew_leader1")
    assert not crews["抢修一班"].on_duty
    assert "抢修三班" in text(client, f"/crews/{crews['抢修三班'].id}")
    sign_in(client, house.people["agent"])
    assert client.post(f"/crews/{house.crew}/duty", data={"on_duty": "1"}).status_code == 403


def test_every_form_of_an_action_leads_to_its_operation(house: House, client: FlaskClient, number: str) -> None:
    second = house.accept(phone="13900139000").number
    sign_in(client, house.people["supervisor"])

    def post(action: str, **data: str) -> None:
        assert client.post(f"/orders/{second}/{action}", data=data).status_code == 302, action

    post("remind", note="快点")
    post("assist", unit="GM-LJ-BH", request="借车")
    post("suspend", reason="weather", until="2026-03-02T15:00")
    post("resume")
    post("merge", into=number, cause="同一线路")
    post("unmerge", reason="误并")
    post("transfer", to_unit="GM-LJ-BH", reason="属滨湖")
    assert house.order(second).unit_code == "GM-LJ-BH"
    assert operations.accept
