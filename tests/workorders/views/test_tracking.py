"""Customers look up their order: plain words, nobody's data."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.workorders import operations
from tests.workorders.house import House


def ask(client: FlaskClient, number: str, digits: str, status: int = 200, language: str = "zh") -> str:
    answer = client.post(f"/track?lang={language}", data={"number": number, "digits": digits})
    assert answer.status_code == status
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.get_data(as_text=True)


def test_the_number_and_the_phones_end_open_it(house: House, client: FlaskClient) -> None:
    number = house.accept().number
    assert client.get("/track").status_code == 200
    page = ask(client, f" {number.lower()} ", "8000")
    assert "正在安排抢修人员" in page
    for secret in ("13800138000", "王芳", "解放路", "3301005566"):
        assert secret not in page


def test_it_follows_the_crew_in_both_languages(house: House, client: FlaskClient) -> None:
    number = house.accept().number
    house.complete(number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    house.complete(number, "take", "crew_leader", take_action="take")
    house.complete(number, "depart", "crew_leader", depart_vehicle="浙A12345")
    assert "正在赶往现场" in ask(client, number, "8000")
    assert "on its way" in ask(client, number, "8000", language="en")


def test_an_attached_order_follows_its_main_order(house: House, client: FlaskClient) -> None:
    main = house.accept().number
    child = house.accept(phone="13900139111").number
    house.do(operations.merge, child, into=main, cause="同一线路", by="supervisor")
    house.to_site(main)
    assert "已到达现场" in ask(client, child, "9111")


@pytest.mark.parametrize("digits", ["8001", "", "800", "88000", "８０００", "80 00"])
def test_wrong_digits_tell_nothing(house: House, client: FlaskClient, digits: str) -> None:
    number = house.accept().number
    assert "请核对" in ask(client, number, digits, 404)


@pytest.mark.parametrize("number", ["", "GD209901010001", "x" * 5000, "'; drop table", "\x00"])
def test_an_unknown_number_tells_nothing(house: House, client: FlaskClient, number: str) -> None:
    ask(client, number, "8000", 404)
