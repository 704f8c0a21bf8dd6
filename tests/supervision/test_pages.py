"""Every page of supervision, in both languages; numbers lead to the orders they count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.kernel import db
from app.kernel.files.operations import open_file
from app.supervision.operations import alerts, monthly, supervising
from app.supervision.operations.supervising import Request
from tests.identity.factories import make_user, sign_in
from tests.supervision.counted import settle
from tests.workorders.house import House

PAGES = (
    "",
    "/orders",
    "/orders?which=late",
    "/indicators",
    "/alerts",
    "/alerts?done=1",
    "/cases",
    "/cases?closed=1",
    "/sheets",
)


@pytest.fixture
def filled(house: House) -> House:
    number = house.accept().number
    house.accept(description="记者来了")
    house.do(supervising.supervise, number, Request(reason="overdue", grade="urgent", text="请说明"), by="department")
    house.clock.set(house.now + timedelta(hours=3))
    settle(house.now)
    db.run(lambda: alerts.judge_orders(house.now))
    return house


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_open(filled: House, client: FlaskClient, language: str) -> None:
    sign_in(client, filled.people["department"])
    for page in PAGES:
        answer = client.get(f"/supervision{page}", query_string={"lang": language} if "?" not in page else None)
        assert answer.status_code == 200, page
    board = client.get("/supervision?lang=zh").text
    assert "超时限" in board
    assert "GD20260302" in board
    assert "督办单" in client.get("/orders/GD202603020001?lang=zh").text


def test_a_department_sees_its_line_alone(filled: House, client: FlaskClient) -> None:
    sign_in(client, make_user("marketing1", posts=[("dept_marketing", filled.units["GM"])]))
    assert "GD20260302" not in client.get("/supervision/orders?which=over").text
    assert "GD20260302" not in client.get("/supervision/orders?which=over&line=all").text
    sign_in(client, make_user("operation1", posts=[("dept_operation", filled.units["GM"])]))
    assert "GD20260302" in client.get("/supervision/orders?which=over").text


def test_another_city_sees_nothing(filled: House, client: FlaskClient) -> None:
    sign_in(client, make_user("far1", posts=[("department", filled.units["GM-LJ-BH"])]))
    assert "GD20260302" not in client.get("/supervision/orders?which=all&unit=GM-LJ-QS").text
    assert client.get("/supervision/sheets/all/GM-LJ-QS/2026-03.pdf").status_code == 404


def test_forms_of_the_order_page(filled: House, client: FlaskClient) -> None:
    sign_in(client, filled.people["department"])
    second = "GD202603020002"
    posted = {"reason": "quality", "grade": "general", "text": "请核实"}
    assert client.post(f"/supervision/orders/{second}/supervise", data=posted).status_code == 302
    assert client.post(f"/supervision/orders/{second}/supervise", data=posted).status_code == 409
    assert client.post(f"/supervision/orders/{second}/take-over", data={"reason": "复杂"}).status_code == 302
    assert client.post(f"/supervision/orders/{second}/hand-back", data={"note": "已办"}).status_code == 302
    assert client.post("/supervision/alerts/1", data={"note": "已派人核实"}).status_code == 302
    assert "已派人核实" in client.get("/supervision/alerts?done=1").text


def test_sheets_are_made_from_the_first_working_day_once(filled: House, client: FlaskClient) -> None:
    for _ in range(2):
        assert monthly.make_due(filled.now) in (0, 2)
    month = filled.now.date().replace(day=1)
    assert monthly.make_due(filled.now + timedelta(days=31)) == 2
    assert monthly.make_due(filled.now + timedelta(days=31)) == 0
    row = monthly.find("all", "GM-LJ", month, "zh")
    assert row is not None
    assert open_file(row.file_id).path.read_bytes().startswith(b"%PDF")
    sign_in(client, filled.people["department"])
    answer = client.get("/supervision/sheets/all/GM-LJ/2026-03.pdf?lang=en")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    answer.close()
