"""What flows and faxes ask of billing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.lookups import ask
from app.kernel.registry import registry
from tests.billing.accounts import account, monthly

pytestmark = pytest.mark.usefixtures("rules")


def asked(clock: FrozenClock, name: str, **inputs: Any) -> dict[str, Any]:
    return ask(name, inputs, actor=SYSTEM, now=clock.now())


def test_the_balance_and_the_last_bill(app: Flask, clock: FrozenClock) -> None:
    one = account(clock, readings=monthly(date(2026, 1, 1), 200, 300))
    one.bill("202602", date(2026, 2, 2))
    number = one.bill("202603", date(2026, 3, 2))
    found = asked(clock, "billing.balance", account_no=one.number)
    assert found["bill"]["number"] == number
    assert (found["bill"]["period"], found["bill"]["energy"], found["bill"]["amount"]) == ("2026-03", 300, 150)
    assert found["bill"]["due_on"] == "2026-03-22"
    assert found["owed"] == pytest.approx(250 + found["late"])
    assert found["late"] > 0
    one.pay("400", on=date(2026, 3, 3))
    paid = asked(clock, "billing.balance", account_no=one.number)
    assert paid["owed"] == 0
    assert paid["balance"] > 0


def test_nobody_and_nothing(app: Flask, clock: FrozenClock) -> None:
    assert asked(clock, "billing.balance", account_no="4711")["found"] is False
    new = account(clock)
    found = asked(clock, "billing.balance", account_no=new.number)
    assert (found["found"], found["bill"], found["owed"]) == (True, None, 0)
    assert asked(clock, "billing.use", account_no=new.number)["months"] == []


def test_the_use_of_whole_months(app: Flask, clock: FrozenClock) -> None:
    one = account(clock, readings=monthly(date(2025, 12, 1), 100, 200, 300))
    found = asked(clock, "billing.use", account_no=one.number, months=2)
    assert found["months"] == [{"month": "2026-02", "energy": 300}, {"month": "2026-01", "energy": 200}]
    assert found["year"] == 500


def test_tariffs(app: Flask, clock: FrozenClock) -> None:
    found = asked(clock, "billing.tariff", code="GM-RES-Y")
    assert found["prices"] == [{"part": "total", "price": 0.5}]
    assert found["tiers"] == [{"above": 2880, "add": 0.05}, {"above": 4800, "add": 0.3}]
    assert found["basis"] == "year"
    assert asked(clock, "billing.tariff", code="NONE")["found"] is False
    codes = [tariff["code"] for tariff in asked(clock, "billing.tariffs")["tariffs"]]
    assert codes == sorted(codes)
    assert "GM-COM" in codes


def test_what_is_personal_says_so() -> None:
    personal = {name for name, lookup in registry.lookups.items() if lookup.personal}
    assert {"billing.balance", "billing.use"} <= personal
    assert not personal & {"billing.tariff", "billing.tariffs", "customers.by_caller"}
