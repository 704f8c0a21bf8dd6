"""Pages of the data stewards and meter readers: find, make, change, meters, readings by round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.billing.models import Bill
from app.customers.models import Contact, Customer, Meter, Reading
from app.identity.queries import UnitView
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.customers.factories import demo_units, make_fictive, sync_words
from tests.identity.factories import make_user, sign_in

pytestmark = pytest.mark.databases

FORM = {
    "number": "3301990001",
    "name": "王小芳",
    "address": "临江市青山县解放路12号3单元502室",
    "unit": "GM-LJ-QS-01",
    "kind": "lv_resident",
    "importance": "none",
    "area": "urban",
    "contract_capacity": "8",
    "contact_rows": "2",
    "contact_0_name": "王小芳",
    "contact_0_role": "owner",
    "contact_0_phone": "138 0013 8999",
    "preferred_contact": "0",
}


@pytest.fixture
def units(app: Flask, clock: FrozenClock) -> list[UnitView]:
    sync_words()
    units = demo_units()
    make_fictive(4, units, now=clock.now(), months=2)
    return units


@pytest.fixture
def steward(client: FlaskClient, units: list[UnitView]) -> FlaskClient:
    sign_in(client, make_user(posts=[("steward", units[0])]))
    return client


def test_find_shows_only_own_units(steward: FlaskClient) -> None:
    assert "要查找哪位客户" in steward.get("/customers").text
    found = steward.get("/customers?q=王芳").text
    assert "/customers/3301040000" in found
    assert "没有符合的客户" in steward.get("/customers?q=3301040001").text


def test_personal_values_are_masked_without_the_right(client: FlaskClient, units: list[UnitView]) -> None:
    sign_in(client, make_user(posts=[("meter_reader", units[0])]))
    page = client.get("/customers?q=13800138000").text
    assert "王*" in page
    assert "13800138000</span>" not in page


def test_a_customer_is_made_and_changed(steward: FlaskClient) -> None:
    assert steward.post("/customers/new", data=FORM).status_code == 302
    assert "13800138999" in steward.get("/customers/3301990001/edit").text
    wrong = steward.post("/customers/new", data={**FORM, "number": "3301990002", "name": "", "contract_capacity": "x"})
    assert (wrong.status_code, "这不是有效的容量" in wrong.text) == (422, True)
    changed = {**FORM, "name": "王晓芳", "revision": "1", "contact_0_phone": "无"}
    assert steward.post("/customers/3301990001/edit", data=changed).status_code == 422
    assert steward.post("/customers/3301990001/edit", data={**changed, "contact_0_phone": ""}).status_code == 302
    assert steward.post("/customers/3301990001/edit", data=changed).status_code == 412
    row = session.scalars(sa.select(Customer).where(Customer.number == "3301990001")).one()
    contact = session.scalars(sa.select(Contact).where(Contact.customer_id == row.id)).one()
    assert (row.name, contact.phone, contact.preferred) == ("王晓芳", "", True)


def test_meters_and_closing(steward: FlaskClient) -> None:
    steward.post("/customers/new", data=FORM)
    here = "/customers/3301990001/meters"
    data = {"on": "2026-02-01", "number": "M1", "kind": "single", "multiplier": "1", "digits": "6", "new_total": "０"}
    assert steward.post(here, data=data).status_code == 302
    meter = session.scalars(sa.select(Meter).where(Meter.number == "M1")).one().id
    session.rollback()
    assert steward.post("/customers/3301990001/close", data={"reason": "搬迁"}).location.endswith("/edit")
    gone = {"act": "remove", "on": "2026-03-01"}
    assert steward.post(f"{here}/{meter}", data={**gone, "old_total": "abc"}).status_code == 422
    assert steward.post(f"{here}/{meter}", data={**gone, "old_total": "1,200"}).status_code == 302
    assert steward.post(f"{here}/1", data=gone).status_code == 404
    close = partial(steward.post, "/customers/3301990001/close", data={"reason": "搬迁"})
    assert "尚未计费，请先出终结账单" in close(follow_redirects=True).text
    bill = Bill(
        **{"number": "ZD1", "customer_id": session.scalar(sa.select(Meter.customer_id).where(Meter.id == meter))},
        **{"unit_path": "/", "period": "202602", "from_on": date(2026, 2, 1), "to_on": date(2026, 3, 1)},
        **{"amount": Decimal(50), "state": "issued"},
    )
    session.add(bill)
    session.commit()
    assert "50.00" in close(follow_redirects=True).text
    session.execute(sa.update(Bill).values(paid=50, state="paid"))
    session.commit()
    assert close().location.endswith("3301990001")
    assert session.scalars(sa.select(Customer.status).where(Customer.number == "3301990001")).one() == "closed"


def test_readings_by_round(client: FlaskClient, units: list[UnitView]) -> None:
    sign_in(client, make_user(posts=[("meter_reader", units[0])]))
    assert "GM-LJ-QS-01-001" in client.get("/readings").text
    here = "/readings/GM-LJ-QS-01-001"
    assert "已抄 0 块，共 1 块" in client.get(here).text
    assert "倒走" in client.post(f"{here}/1", data={"total": "1"}).text
    assert "用电突增" in client.post(f"{here}/1", data={"total": "99999"}).text
    assert client.post(f"{here}/1", data={"total": "99999", "confirmed": "1"}).status_code == 302
    assert "已抄 1 块，共 1 块" in client.get(here).text
    assert session.scalar(sa.select(Reading.total).where(Reading.meter_id == 1, Reading.total == 99999)) == 99999
    assert client.get("/readings/GM-LJ-QS-02-001").status_code == 404
    assert client.post(f"{here}/2", data={"total": "5"}).status_code == 403


def test_a_wrong_reading_is_corrected_with_a_reason_and_both_are_kept(
    client: FlaskClient, units: list[UnitView]
) -> None:
    sign_in(client, make_user(posts=[("meter_reader", units[0])]))
    here = "/readings/GM-LJ-QS-01-001"
    assert client.post(f"{here}/1", data={"total": "99999", "confirmed": "1"}).status_code == 302
    assert "更正示数" in client.get(here).text
    wrong = {"total": "99000", "kind": "correction", "confirmed": "1"}
    assert "请填写更正原因" in client.post(f"{here}/1", data=wrong).text
    assert client.post(f"{here}/1", data={**wrong, "note": "看错一位"}).status_code == 302
    assert "已更正" in client.get(here).text
    history = client.get("/customers/3301040000/readings").text
    assert "看错一位" in history
    assert "99,999" in history
    assert "99,000" in history


def test_the_page_leads_to_what_a_person_may_do(client: FlaskClient, units: list[UnitView]) -> None:
    for post, may in (("meter_reader", False), ("steward", True)):
        sign_in(client, make_user(posts=[(post, units[0])]))
        page = client.get("/customers/3301040000/panels").text
        assert "/customers/3301040000/readings" in page
        assert ("/customers/3301040000/edit" in page) is may
        assert ("/customers/3301040000/meters" in page) is may
