"""Callers prove who they are; three failures lock; nothing that was typed is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from marshmallow import ValidationError

from app.customers import identities
from app.customers.identification import rules
from app.customers.models import CallerCheck, Customer
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.lookups import ask
from tests.customers.accounts import make_contact, make_customer
from tests.identity.factories import make_unit

ACCOUNT = "0512345678"
CALLER = "13800138000"


@pytest.fixture
def customer(app: Flask) -> Customer:
    kept = identities.keep("33010119800101123X")
    found = make_customer(make_unit("GM-LJ-QS"), ACCOUNT, identity_last4_hash=kept.last4_hash)
    make_contact(found)
    return found


class Line:
    """What a flow asks, as it asks it."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock

    def ask(self, name: str, **inputs: Any) -> dict[str, Any]:
        return ask(name, inputs, actor=SYSTEM, now=self.clock.now())

    def check(self, secret: str, method: str = "identity", account: str = ACCOUNT, phone: str = CALLER) -> str:
        outcome = self.ask("customers.check", account_no=account, method=method, secret=secret, phone=phone, call="c-1")
        return str(outcome["outcome"])


@pytest.fixture
def line(clock: FrozenClock) -> Line:
    return Line(clock)


def test_the_last_four_of_the_identity_number_prove_it(customer: Customer, line: Line) -> None:
    assert line.check("1234") == "failed"
    assert line.check("123*") == "passed", "the star is the letter X"
    assert [check.outcome for check in checks()] == ["failed", "passed"]


def test_the_query_password_is_set_and_proves_it(customer: Customer, line: Line) -> None:
    assert line.check("246813", "password") == "unset"
    changed = line.ask("customers.set_password", account_no=ACCOUNT, password="246813")
    assert changed == {"changed": True, "reason": ""}
    session.expire_all()
    assert customer.query_password_hash.startswith("$argon2id$")
    assert line.check("246814", "password") == "failed"
    assert line.check("246813", "password") == "passed"


def test_three_failures_lock_the_account_for_a_day(customer: Customer, line: Line) -> None:
    left = [line.ask("customers.check", account_no=ACCOUNT, method="identity", secret="0000")["left"] for _ in range(3)]
    assert left == [2, 1, 0]
    assert line.check("123X") == "locked", "also the right answer, from any telephone"
    assert line.check("123X", phone="") == "locked"
    line.clock.advance(timedelta(hours=24, seconds=1))
    assert line.check("123X") == "passed"


def test_a_proof_forgets_earlier_failures(customer: Customer, line: Line) -> None:
    assert [line.check("0000") for _ in range(2)] == ["failed"] * 2
    assert line.check("123X") == "passed"
    assert [line.check("0000") for _ in range(3)] == ["failed"] * 3


def test_one_telephone_cannot_try_account_after_account(customer: Customer, line: Line) -> None:
    """Looking for any account that a guess fits."""
    for n in range(rules().phone):
        assert line.check("0000", account=f"99{n:08d}") == "failed"
    assert line.check("123X") == "locked"
    assert line.check("123X", phone="13900139000") == "passed", "the customer's own telephone is not to blame"


def test_an_account_that_is_not_there_fails_like_a_wrong_answer(customer: Customer, line: Line) -> None:
    assert line.check("123X", account="4711") == "failed"
    assert line.check("123456", "password", account="4711") == "failed"
    customer.status = "closed"
    session.commit()
    assert line.check("123X") == "failed"


def test_attempts_are_kept_without_what_was_typed(customer: Customer, line: Line) -> None:
    line.check("9876")
    row = checks()[0]
    assert (row.account_no, row.phone, row.method, row.outcome, row.call_ref) == (
        ACCOUNT,
        "+8613800138000",
        "identity",
        "failed",
        "c-1",
    )
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "customer.not_identified"))
    assert entry is not None
    assert entry.unit_path == customer.unit_path
    assert "9876" not in str(entry.details)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("12345", "length"),
        ("1234567", "length"),
        ("12345x", "length"),
        ("１２３４５６", "length"),
        ("111111", "repeated"),
        ("123456", "sequence"),
        ("987654", "sequence"),
        ("512345", "account"),
        ("246813", ""),
        ("112233", ""),
    ],
)
def test_what_a_password_must_be(customer: Customer, line: Line, password: str, reason: str) -> None:
    assert line.ask("customers.set_password", account_no=ACCOUNT, password=password)["reason"] == reason


def test_nothing_is_set_for_an_account_that_is_not_there(customer: Customer, line: Line) -> None:
    assert line.ask("customers.set_password", account_no="4711", password="246813")["reason"] == "unknown"


def test_a_caller_is_proposed_an_account(customer: Customer, line: Line) -> None:
    found = line.ask("customers.by_caller", phone=CALLER)
    assert (found["count"], found["account_no"], found["unit"]) == (1, ACCOUNT, "GM-LJ-QS")
    assert found["address"] == "青山县解放路12号3单元502室"
    for nobody in ("13900139000", "anonymous", "", None, "1" * 40):
        assert line.ask("customers.by_caller", phone=nobody)["count"] == 0
    second = make_customer(make_unit("GM-LJ-BH"))
    make_contact(second)
    several = line.ask("customers.by_caller", phone=CALLER)
    assert (several["count"], several["account_no"]) == (2, ""), "which of them is for the caller to say"


def test_a_typed_account_tells_no_door(customer: Customer, line: Line) -> None:
    found = line.ask("customers.account", account_no=ACCOUNT)
    assert (found["found"], found["unit"]) == (True, "GM-LJ-QS")
    assert found["address"] == "青山县解放路"
    assert line.ask("customers.account", account_no="4711")["found"] is False


def test_bounds_of_inputs(customer: Customer, line: Line) -> None:
    for inputs in ({"secret": "1" * 41}, {"account_no": "1" * 41}, {"method": "voice"}):
        with pytest.raises(ValidationError):
            line.ask("customers.check", **({"account_no": ACCOUNT, "method": "identity", "secret": "1234"} | inputs))
    assert checks() == []


@pytest.mark.databases
def test_an_installation_has_its_own_rules(customer: Customer, line: Line, app: Flask) -> None:
    own = app.extensions["lightline.settings"].instance / "customer_identification.yaml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("failures: {account: 1, phone: 9, hours: 1}\npassword: {digits: 8}\n")
    assert line.check("0000") == "failed"
    assert line.check("123X") == "locked"
    assert line.ask("customers.set_password", account_no=ACCOUNT, password="24681357")["changed"] is True


def checks() -> list[CallerCheck]:
    return list(session.scalars(sa.select(CallerCheck).order_by(CallerCheck.id)))
