"""Key accounts as plain values: who looks after them, what they fall back on, how they were graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Customer
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.keyaccounts.days import day_of
from app.keyaccounts.models import AccountManager, BackupSupply, ImportanceReview, KeyAccount

VIEW = "keyaccount.view"
MANAGE = "keyaccount.manage"


class AccountNotFound(NotFound):
    code = "key_account_not_found"


@dataclass(frozen=True, slots=True)
class SupplyView:
    """A source to fall back on: kVA, minutes."""

    id: int
    kind: str
    name: str
    line_code: str
    capacity: Decimal | None
    transfer_minutes: Decimal | None
    interlocked: bool
    tested_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """A key account with what its customer's row says (name unmasked: key accounts are firms and offices)."""

    id: int
    customer_id: int
    number: str
    name: str
    unit_code: str
    unit_path: str
    active: bool
    importance: str
    category: str
    industry: str
    voltage: str
    contract_capacity: Decimal | None
    running_capacity: Decimal | None
    status: str
    cut_off: bool
    since: date
    contract_demand: Decimal | None
    security_load: Decimal | None
    contract_until: date | None
    next_review_on: date | None
    note: str
    revision: int
    manager: str


OF_CUSTOMER = (
    "name",
    "importance",
    "category",
    "industry",
    "voltage",
    "contract_capacity",
    "running_capacity",
    "status",
    "cut_off",
)
OF_ACCOUNT = (
    "id",
    "customer_id",
    "number",
    "unit_code",
    "unit_path",
    "active",
    "since",
    "contract_demand",
    "security_load",
    "contract_until",
    "next_review_on",
    "note",
    "revision",
)


@dataclass(frozen=True, slots=True)
class ManagerView:
    username: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    at: datetime
    by: str
    criteria: dict[str, Any]
    before: str
    after: str
    basis: str
    next_on: date


def account_view(number: str, *, actor: Actor, now: datetime) -> AccountView:
    """The key account of a customer's number. Raises `AccountNotFound`, `Forbidden` (right `keyaccount.view`)."""
    view = find_account(number, on=day_of(now))
    if view is None:
        raise AccountNotFound(_l("Customer %(number)s is no key account.", number=number), number=number)
    authority.require(actor, VIEW, unit_path=view.unit_path, now=now)
    return view


def find_account(number: str, *, on: date) -> AccountView | None:
    """The account as it stands on a day, without a check of rights: for services and operations."""
    found = list(_views(KeyAccount.number == number.strip(), on=on))
    return found[0] if found else None


def account_of_customer(customer_id: int, *, on: date) -> AccountView | None:
    """The key account of a customer, None where they are none; without a check of rights."""
    found = list(_views(KeyAccount.customer_id == customer_id, on=on))
    return found[0] if found else None


def accounts_under(
    paths: Sequence[str], *, on: date, manager: str = "", inactive: bool = False, limit: int = 500
) -> list[AccountView]:
    """Key accounts of the units under these path prefixes (of one manager), the most important first."""
    wanted: list[sa.ColumnElement[bool]] = [] if inactive else [KeyAccount.active.is_(True)]
    if "/" not in paths:
        wanted.append(sa.or_(sa.false(), *(KeyAccount.unit_path.startswith(path, autoescape=True) for path in paths)))
    if manager:
        wanted.append(AccountManager.username == manager)
    return _views(*wanted, on=on, limit=limit)


def managers_of(account_id: int) -> list[ManagerView]:
    """Everybody who looked after the account, the present one first."""
    query = sa.select(AccountManager).where(AccountManager.account_id == account_id)
    rows = session.scalars(query.order_by(AccountManager.valid_from.desc(), AccountManager.id.desc()))
    return [ManagerView(row.username, row.valid_from, row.valid_to) for row in rows]


def supplies_of(account_id: int) -> list[SupplyView]:
    """What the account falls back on."""
    query = sa.select(BackupSupply).where(BackupSupply.account_id == account_id).order_by(BackupSupply.id)
    names = SupplyView.__dataclass_fields__
    return [SupplyView(**{name: getattr(row, name) for name in names}) for row in session.scalars(query)]


def reviews_of(account_id: int, *, limit: int = 10) -> list[ReviewView]:
    """How the customer was graded, newest first."""
    query = sa.select(ImportanceReview).where(ImportanceReview.account_id == account_id)
    rows = session.scalars(query.order_by(ImportanceReview.id.desc()).limit(limit))
    return [
        ReviewView(row.at, row.by, dict(row.criteria), row.before, row.after, row.basis, row.next_on) for row in rows
    ]


def in_charge(on: date) -> sa.ColumnElement[bool]:
    """SQL: the appointment holds on this day."""
    return sa.and_(
        AccountManager.valid_from <= on, sa.or_(AccountManager.valid_to.is_(None), AccountManager.valid_to > on)
    )


def _views(*wanted: sa.ColumnElement[bool], on: date, limit: int = 500) -> list[AccountView]:
    rank = sa.case({"special": 0, "first": 1, "second": 2, "temporary": 3}, value=Customer.importance, else_=4)
    query = (
        sa.select(KeyAccount, Customer, AccountManager.username)
        .join(Customer, Customer.id == KeyAccount.customer_id)
        .outerjoin(AccountManager, sa.and_(AccountManager.account_id == KeyAccount.id, in_charge(on)))
        .where(*wanted)
        .order_by(rank, KeyAccount.number)
        .limit(limit)
    )
    return [_view(account, customer, manager or "") for account, customer, manager in session.execute(query)]


def _view(account: KeyAccount, customer: Customer, manager: str) -> AccountView:
    values = {name: getattr(account, name) for name in OF_ACCOUNT}
    values |= {name: getattr(customer, name) for name in OF_CUSTOMER}
    return AccountView(**values, manager=manager)
