"""What IVR flows, faxes and reports may ask of billing: plain numbers and days, no prose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields, validate

from app.billing.models import Tariff
from app.billing.queries.arrears import arrears_of
from app.billing.queries.bills import BillRow, bills_of
from app.billing.queries.rules import version_of
from app.billing.rules import PARTS, TariffRules
from app.customers.models import Customer
from app.customers.queries.use import MonthUse, use_of
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.registry import registry

MONTHS = 12


class AccountInputs(Schema):
    account_no = fields.String(required=True, validate=validate.Length(max=40))


class UseInputs(AccountInputs):
    months = fields.Integer(load_default=3, validate=validate.Range(1, 24))


class TariffInputs(Schema):
    code = fields.String(load_default="", allow_none=True, validate=validate.Length(max=40))


@registry.lookup(
    "billing.balance", title="余额与电费", title_en="Balance and last bill", inputs=AccountInputs, personal=True
)
def balance(*, account_no: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Yuan: `balance` held in advance, `owed` in all, `late` of it late fees; `bill` is the newest bill or null.

    A bill: `number`, `period` (`2026-02`), `energy` kWh, `amount`, `left` to pay, `due_on`.
    """
    customer = _customer(account_no)
    if customer is None:
        return {"found": False, "account_no": "", "balance": 0, "owed": 0, "late": 0, "bill": None, "bills": []}
    arrears = arrears_of(customer.id, at=now)
    bills = [row for row in bills_of(customer.id, 6, at=now) if row.state not in ("void", "credited")]
    return {
        "found": True,
        "account_no": customer.number,
        "balance": _number(customer.balance),
        "owed": _number(arrears.total + arrears.open),
        "late": _number(arrears.late),
        "bill": _bill(bills[0]) if bills else None,
        "bills": [_bill(row) for row in bills],
    }


class OwesInputs(Schema):
    account_no = fields.String(load_default="", validate=validate.Length(max=40))


@registry.lookup("billing.still_owes", title="是否仍欠费", title_en="Whether still in arrears", inputs=OwesInputs)
def still_owes(*, account_no: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Whether a reminder of arrears is due still: `allowed`, and `why` not. No amount is told."""
    customer = _customer(account_no) if account_no else None
    owes = customer is not None and arrears_of(customer.id, at=now).total > 0
    return {"allowed": owes, "why": "" if owes else "NOT_NEEDED"}


@registry.lookup("billing.use", title="用电量", title_en="Consumption", inputs=UseInputs, personal=True)
def use(*, account_no: str, months: int, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """kWh of the last whole months, newest first (`months`: `month`, `energy`), and of this year so far (`year`)."""
    customer = _customer(account_no)
    if customer is None:
        return {"found": False, "account_no": "", "months": [], "year": 0}
    today = now.astimezone(LOCAL).date()
    found = use_of(customer.id, until=today, months=max(months + 1, today.month)).months
    whole = [month for month in found if month.month < today.replace(day=1) and month.parts]
    year = sum((month.total for month in found if month.month.year == today.year), Decimal(0))
    return {
        "found": True,
        "account_no": customer.number,
        "months": [_month(month) for month in reversed(whole)][:months],
        "year": _whole(year),
    }


@registry.lookup("billing.tariff", title="电价", title_en="A tariff", inputs=TariffInputs)
def tariff(*, code: str | None, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The tariff of a code as it is in force today: `prices` yuan for a kWh by `part`, `tiers` above so many kWh."""
    found = [row for row in _in_force(now) if row.code == code]
    return {"found": True, **_tariff(found[0])} if found else {"found": False, **NO_TARIFF}


@registry.lookup("billing.tariffs", title="全部电价", title_en="All tariffs")
def tariffs(*, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """All tariffs in force today, by code."""
    return {"tariffs": [_tariff(row) for row in _in_force(now)]}


NO_TARIFF: dict[str, Any] = {"code": "", "name": "", "name_en": "", "prices": [], "tiers": [], "basis": ""}


def _customer(account_no: str) -> Customer | None:
    return session.scalar(sa.select(Customer).where(Customer.number == account_no.strip(), Customer.status != "closed"))


def _bill(row: BillRow) -> dict[str, Any]:
    period = f"{row.period[:4]}-{row.period[4:6]}" if row.period.isdigit() else row.period
    return {
        "number": row.number,
        "period": period,
        "energy": _number(row.energy),
        "amount": _number(row.amount),
        "left": _number(row.left + row.late),
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }


def _month(month: MonthUse) -> dict[str, Any]:
    return {"month": f"{month.month:%Y-%m}", "energy": _whole(month.total)}


def _in_force(now: datetime) -> list[Tariff]:
    today = now.astimezone(LOCAL).date()
    valid = sa.and_(Tariff.valid_from <= today, sa.or_(Tariff.valid_to.is_(None), Tariff.valid_to > today))
    return list(session.scalars(sa.select(Tariff).where(valid).order_by(Tariff.code)))


def _tariff(row: Tariff) -> dict[str, Any]:
    rules: TariffRules = version_of(row).rules
    tiers = rules.tiers
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "prices": [
            {"part": part, "price": _number(rules.prices[part])} for part in ("total", *PARTS) if part in rules.prices
        ],
        "tiers": [{"above": _number(step.above), "add": _number(step.add)} for step in tiers.steps] if tiers else [],
        "basis": tiers.basis if tiers else "",
    }


def _number(value: Decimal) -> int | float:
    """As JSON has it: a whole number where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1)))
