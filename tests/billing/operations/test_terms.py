"""Terms of contracts: from a day on, making room for each other, counted by bills, taken back while unused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.billing.models import BillingTerms
from app.billing.operations.terms import BadTerms, NewTerms, TermsInUse, TermsOverlap, add_terms, withdraw_terms
from app.billing.queries.contracts import terms_of
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from tests.billing.accounts import Account, account, monthly
from tests.identity.factories import actor_of, make_unit, make_user, sign_in

pytestmark = pytest.mark.usefixtures("rules")


def add(customer: Account, begin: date, **more: Any) -> list[str]:
    given = NewTerms(valid_from=begin, **more)
    return db.run(lambda: add_terms(customer.number, given, actor=customer.actor, now=customer.clock.now()))


def spans(customer: Account) -> list[tuple[date, date | None, int]]:
    found = [(row.valid_from, row.valid_to, row.household) for row in reversed(terms_of(customer.id))]
    session.rollback()
    return found


@pytest.mark.databases
def test_new_terms_end_the_old_ones(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock)
    add(customer, date(2026, 1, 1), household=5)
    add(customer, date(2026, 3, 1), household=7)
    assert spans(customer) == [(date(2026, 1, 1), date(2026, 3, 1), 5), (date(2026, 3, 1), None, 7)]


def test_terms_for_a_while_let_the_old_ones_go_on_behind(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock)
    add(customer, date(2026, 1, 1), household=5)
    add(customer, date(2026, 2, 1), valid_to=date(2026, 3, 1), household=9)
    assert spans(customer) == [
        (date(2026, 1, 1), date(2026, 2, 1), 5),
        (date(2026, 2, 1), date(2026, 3, 1), 9),
        (date(2026, 3, 1), None, 5),
    ]
    with pytest.raises(TermsOverlap):
        add(customer, date(2026, 1, 15), household=6)


def test_bills_count_the_terms(app: Flask, clock: FrozenClock) -> None:
    """Losses of 10 % and 20 kWh a month on 200 kWh make 240 kWh; the terms are then in use."""
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200, 200))
    assert add(customer, date(2026, 1, 1), loss_rate=Decimal("0.1"), loss_fixed=Decimal(20)) == []
    number = customer.bill("202602", date(2026, 2, 2))
    assert customer.find(number).energy == Decimal(240)
    terms_id = session.scalars(sa.select(BillingTerms.id)).one()
    with pytest.raises(TermsInUse):
        withdraw_terms(terms_id, actor=SYSTEM, now=clock.now())
    session.rollback()
    assert add(customer, date(2026, 1, 15), household=5) == [number]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tariff_code", "NO-SUCH"),
        ("capacity", Decimal(-1)),
        ("capacity", Decimal("NaN")),
        ("loss_rate", Decimal("1.01")),
        ("household", 1000),
        ("valid_to", date(2026, 1, 1)),
        ("do_not_cut", "x" * 201),
    ],
)
def test_terms_that_cannot_be(app: Flask, clock: FrozenClock, field: str, value: Any) -> None:
    customer = account(clock)
    with pytest.raises(BadTerms) as refused:
        add(customer, date(2026, 1, 1), **{field: value})
    assert list(refused.value.details["errors"]) == [field]


def test_terms_of_other_units_are_not_to_be_touched(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, unit_path="/999/")
    customer.actor = actor_of(make_user(posts=[("billing", make_unit("U"))]))
    with pytest.raises(Forbidden):
        add(customer, date(2026, 1, 1), household=5)


def test_the_page_adds_and_takes_back(app: Flask, clock: FrozenClock, client: FlaskClient) -> None:
    unit = make_unit("U")
    customer = account(clock, unit_path=unit.path)
    sign_in(client, make_user(posts=[("billing", unit)]))
    address = f"/customers/{customer.number}/terms"
    assert "暂无单独约定" in client.get(address).text
    wrong = client.post(address, data={"valid_from": "2026-01-01", "loss_rate": "101", "household": "x"})
    assert wrong.status_code == 422
    assert "请填写整数" in wrong.text
    sent = {"valid_from": "2026-01-01", "loss_rate": "2.5", "do_not_cut": "透析病人"}
    assert client.post(address, data=sent).status_code == 302
    page = client.get(address).text
    assert "透析病人" in page
    assert "2.5 %" in page
    terms_id = session.scalars(sa.select(BillingTerms.id)).one()
    session.rollback()
    assert client.post(f"/customers/terms/{terms_id}/withdraw").status_code == 302
    assert "暂无单独约定" in client.get(address).text
