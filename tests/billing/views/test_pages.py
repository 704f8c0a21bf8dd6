"""Pages of billing: a bill explained and on paper, arrears, runs with exceptions, tariffs, payments; and rights."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.billing.models import Bill, BillingException, CutOffNotice
from app.billing.operations import promising
from app.identity.queries import UnitView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.billing.accounts import Account, account, monthly, prepare_rules
from tests.identity.factories import make_unit, make_user, sign_in


@pytest.fixture
def unit(app: Flask) -> UnitView:
    prepare_rules()
    return make_unit("U")


@pytest.fixture
def clerk(unit: UnitView, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(posts=[("billing", unit)]))
    return client


@pytest.fixture
def debtor(unit: UnitView, clock: FrozenClock) -> Account:
    """300 yuan, ten days overdue."""
    customer = account(clock, readings=monthly(date(2026, 1, 1), 600), unit_path=unit.path)
    customer.bill("202602", date(2026, 2, 2))
    clock.set(clock.now().replace(month=3, day=4))
    return customer


def text(response: Any) -> str:
    return response.get_data(as_text=True)


def number() -> str:
    return session.scalars(sa.select(Bill.number).order_by(Bill.id)).first() or ""


def test_a_bill_explains_itself(clerk: FlaskClient, debtor: Account) -> None:
    page = text(clerk.get(f"/bills/{number()}?lang=en"))
    assert "600 kWh × 0.5 yuan/kWh = 300.00 yuan." in page
    assert "GM-RES-Y@2025-07-01#prices.total" in page
    assert "600 kWh used since 1 January" in page
    sheet = clerk.get(f"/bills/{number()}.pdf")
    assert sheet.data.startswith(b"%PDF")
    assert clerk.get("/bills/ZD0").status_code == 404


def test_a_bill_is_corrected_from_its_page(clerk: FlaskClient, debtor: Account) -> None:
    same = text(clerk.get(f"/bills/{number()}/again?lang=en"))
    assert "nothing to correct" in same
    preview = text(clerk.get(f"/bills/{number()}/again?adjustment=-100&lang=en"))
    assert "Now 250.00 yuan, before 300.00: a difference of -50.00 yuan." in preview
    assert clerk.get(f"/bills/{number()}/again?adjustment=x").status_code == 422
    sent = {"reason": "误抄", "adjustment": "-100"}
    made = clerk.post(f"/bills/{number()}/correct", data=sent)
    assert made.status_code == 302
    page = text(clerk.get(f"{made.location}?lang=en"))
    assert "250.00" in page
    assert number() in page


def test_the_list_of_arrears_and_the_customers_panel(clerk: FlaskClient, debtor: Account) -> None:
    page = text(clerk.get("/arrears?lang=en"))
    assert debtor.number in page
    assert "300.00" in page
    assert debtor.number not in text(clerk.get("/arrears?days=11"))
    panel = text(clerk.get(f"/customers/{debtor.number}?tab=bills&lang=en"))
    assert "with a late fee of 3.00 yuan today: 303.00 yuan." in panel
    sent = {"customer": debtor.number, "amount": "303", "source": "counter", "reference": "R1"}
    assert clerk.post("/payments", data=sent).status_code == 302
    assert "Nobody is in arrears" in text(clerk.get("/arrears?lang=en"))


def test_a_promise_to_pay_stands_on_the_customers_page(clerk: FlaskClient, debtor: Account, clock: FrozenClock) -> None:
    def work() -> None:
        begun = {"unit_code": "U", "unit_path": "/1/", "begun_by": "x", "begun_at": clock.now()}
        notice = CutOffNotice(number="TD1", customer_id=debtor.id, arrears=300, **begun)
        session.add(notice)
        session.flush()
        told = {"promised_on": "2026-04-14", "call": "c-1", "phone": "13900139000"}
        promising.record_promise(notice.id, told, actor=SYSTEM, now=clock.now())

    db.run(work)
    page = text(clerk.get(f"/customers/{debtor.number}/panels?lang=en"))
    assert "Promised on the telephone" in page
    assert "303.00" in page
    assert 'href="/calls/of/c-1"' in page


def test_a_run_from_start_to_release(clerk: FlaskClient, unit: UnitView, clock: FrozenClock) -> None:
    account(clock, readings=monthly(date(2026, 1, 1), 100), unit_path=unit.path)
    account(clock, readings={date(2026, 1, 1): 500, date(2026, 2, 1): 400}, unit_path=unit.path)
    begun = clerk.post("/billing/runs", data={"period": "202602", "unit": "U"})
    while jobs.run_due(clock.now(), 10):
        pass
    page = text(clerk.get(f"{begun.location}?lang=en"))
    assert "Reading goes backward" in page
    assert "500.000, then 400.000" in page
    clerk.post(f"{begun.location}/release")
    assert session.scalars(sa.select(Bill.state)).all() == ["issued"]
    found = session.scalars(sa.select(BillingException)).one()
    clerk.post(f"/billing/exceptions/{found.id}", data={"act": "close"})
    assert "No exception" in text(clerk.get(f"{begun.location}?lang=en"))
    assert clerk.post("/billing/runs", data={"period": "2026", "unit": "U"}).status_code == 422


def test_tariffs_are_read_with_their_versions(clerk: FlaskClient) -> None:
    assert "GM-IND-CAP" in text(clerk.get("/tariffs"))
    page = text(clerk.get("/tariffs/GM-RES-Y?lang=en"))
    assert "0.495" in page
    assert "+0.3 yuan above 4,800 kWh a year" in page
    assert clerk.get("/tariffs/NONE").status_code == 404


def test_without_the_right_nothing_is_shown_or_done(client: FlaskClient, debtor: Account, clock: FrozenClock) -> None:
    sign_in(client, make_user(posts=[("billing", make_unit())]))
    assert client.get(f"/bills/{number()}").status_code == 403
    assert client.get(f"/bills/{number()}.pdf").status_code == 403
    assert debtor.number not in text(client.get("/arrears"))
    sent = {"customer": debtor.number, "amount": "303", "source": "counter", "reference": "R1"}
    assert client.post("/payments", data=sent).status_code == 403
    assert client.post("/cut-offs", data={"customer": debtor.number}).status_code == 403
