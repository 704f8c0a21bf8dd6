"""Make a key account, appoint its manager, keep its contract and what it falls back on, grade its importance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Customer, CustomerChange
from app.customers.queries.view import customer_row
from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.keyaccounts.days import day_of
from app.keyaccounts.labels import CONSEQUENCE, SCALE, SUPPLY_KIND
from app.keyaccounts.models import AccountManager, BackupSupply, ImportanceReview, KeyAccount
from app.keyaccounts.queries.accounts import MANAGE, AccountNotFound

IMPORTANCE = "account_importance"
MAX_NOTE = 1000
MAX_SUPPLIES = 20
MONTH_DAYS = Decimal("30.4375")
"""Days of a mean month of the Gregorian calendar."""


class AlreadyKeyAccount(Conflict):
    code = "key_account_exists"


class AccountChanged(Conflict):
    """Somebody else changed the account since the page was read."""

    code = "key_account_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A source to fall back on, as the page sends it."""

    kind: str
    name: str = ""
    line_code: str = ""
    capacity: Decimal | None = None
    transfer_minutes: Decimal | None = None
    interlocked: bool = False
    tested_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountData:
    """What is agreed with a key account (`models.KeyAccount`)."""

    contract_demand: Decimal | None = None
    security_load: Decimal | None = None
    contract_until: date | None = None
    note: str = ""
    active: bool = True


def make_account(number: str, *, manager: str = "", actor: Actor, now: datetime) -> int:
    """Look after a customer as a key account from today on; returns the account's id.

    Raises `CustomerNotFound`, `Forbidden` (right `keyaccount.manage` there), `AlreadyKeyAccount`.
    """
    customer = customer_row(number)
    authority.require(actor, MANAGE, unit_path=customer.unit_path, now=now)
    if session.scalar(sa.select(KeyAccount.id).where(KeyAccount.customer_id == customer.id)) is not None:
        raise AlreadyKeyAccount(_l("Customer %(number)s is a key account already.", number=customer.number))
    row = KeyAccount(
        customer_id=customer.id,
        number=customer.number,
        unit_code=customer.unit_code,
        unit_path=customer.unit_path,
        since=day_of(now),
        next_review_on=day_of(now),
        updated_at=now,
    )
    session.add(row)
    session.flush()
    if manager:
        appoint_manager(customer.number, manager, actor=actor, now=now)
    _audit("keyaccount.made", row, {}, actor=actor, now=now)
    return row.id


def save_account(number: str, data: AccountData, *, revision: int, actor: Actor, now: datetime) -> None:
    """Keep what is agreed. Raises `AccountNotFound`, `Forbidden`, `Invalid` (errors by field), `AccountChanged`."""
    row = manageable(number, actor=actor, now=now)
    if row.revision != revision:
        raise AccountChanged(_l("Somebody else changed this account meanwhile: look at it again."))
    errors: dict[str, list[Any]] = {}
    for name in ("contract_demand", "security_load"):
        value = getattr(data, name)
        if value is not None and not 0 <= value < Decimal(10) ** 9:
            errors[name] = [_l("This is no load in kW.")]
    if len(data.note) > MAX_NOTE:
        errors["note"] = [_l("At most %(most)s characters.", most=MAX_NOTE)]
    if errors:
        raise Invalid(_l("The account cannot be kept."), errors=errors)
    changed = {
        name: [str(getattr(row, name)), str(value)]
        for name, value in asdict(data).items()
        if getattr(row, name) != value
    }
    for name, value in asdict(data).items():
        setattr(row, name, value)
    row.updated_at = now
    if changed:
        _audit("keyaccount.saved", row, {"fields": sorted(changed)}, actor=actor, now=now)


def appoint_manager(number: str, username: str, *, actor: Actor, now: datetime) -> None:
    """Give the account to a manager from today on; who held it before is kept.

    Raises `AccountNotFound`, `Forbidden`, `Invalid` (nobody of this name, or without the right there).
    """
    row = manageable(number, actor=actor, now=now)
    user = people.user_view(username)
    if user is None or not people.may(user.id, MANAGE, unit_path=row.unit_path, at=now):
        message = _l("Nobody of this name may look after key accounts here.")
        raise Invalid(message, errors={"manager": [message]})
    today = day_of(now)
    present = session.scalars(
        sa.select(AccountManager).where(AccountManager.account_id == row.id, AccountManager.valid_to.is_(None))
    ).one_or_none()
    if present is not None and present.username == user.username:
        return
    if present is not None:
        present.valid_to = today
    session.add(
        AccountManager(
            account_id=row.id, username=user.username, valid_from=today, appointed_by=actor.ref, appointed_at=now
        )
    )
    details = {"manager": user.username, "before": present.username if present else None}
    _audit("keyaccount.manager", row, details, actor=actor, now=now)
    session.flush()


def save_supplies(number: str, supplies: Sequence[Supply], *, actor: Actor, now: datetime) -> None:
    """Keep what the account falls back on, all of it. Raises `AccountNotFound`, `Forbidden`, `Invalid`."""
    row = manageable(number, actor=actor, now=now)
    wrong = [one for one in supplies if one.kind not in SUPPLY_KIND or not _sensible(one)]
    if wrong or len(supplies) > MAX_SUPPLIES:
        message = _l("A source needs a kind, and capacities and minutes that are not negative.")
        raise Invalid(message, errors={"supplies": [message]})
    session.execute(sa.delete(BackupSupply).where(BackupSupply.account_id == row.id))
    session.add_all(BackupSupply(account_id=row.id, **asdict(one)) for one in supplies)
    row.updated_at = now
    _audit("keyaccount.supplies", row, {"sources": len(supplies)}, actor=actor, now=now)


def review_importance(
    number: str, *, consequence: str, scale: str, temporary: bool, actor: Actor, now: datetime
) -> str:
    """Grade the customer by the decision table `account_importance`; returns the grade.

    The customer's row takes it over, so that the limits of orders follow it at once. Raises
    `AccountNotFound`, `Forbidden`, `Invalid`.
    """
    row = manageable(number, actor=actor, now=now)
    if consequence not in CONSEQUENCE or scale not in SCALE:
        message = _l("Choose what an interruption may cause, and how grave it is.")
        raise Invalid(message, errors={"consequence": [message]})
    criteria = {"consequence": consequence, "scale": scale, "temporary": temporary}
    result = engine.decide(IMPORTANCE, criteria, now=now).result
    customer = session.get_one(Customer, row.customer_id)
    before, after = customer.importance, str(result["importance"])
    row.next_review_on = day_of(now) + timedelta(days=round(Decimal(str(result["review_months"])) * MONTH_DAYS))
    session.add(
        ImportanceReview(
            account_id=row.id,
            at=now,
            by=actor.ref,
            criteria=criteria | {name: result[name] for name in ("sources", "backup_share", "basis_en")},
            before=before,
            after=after,
            basis=str(result["basis"]),
            next_on=row.next_review_on,
        )
    )
    if after != before:
        _take_over(customer, after, actor=actor, now=now)
    _audit("keyaccount.graded", row, {"before": before, "after": after}, actor=actor, now=now)
    session.flush()
    return after


def manageable(number: str, *, actor: Actor, now: datetime) -> KeyAccount:
    """The row of an account the actor may look after; raises `AccountNotFound`, `Forbidden`."""
    row = session.scalar(sa.select(KeyAccount).where(KeyAccount.number == number.strip()))
    if row is None:
        raise AccountNotFound(_l("Customer %(number)s is no key account.", number=number), number=number)
    authority.require(actor, MANAGE, unit_path=row.unit_path, now=now)
    return row


def _take_over(customer: Customer, importance: str, *, actor: Actor, now: datetime) -> None:
    change = {"importance": [customer.importance, importance]}
    customer.importance, customer.updated_at = importance, now
    session.add(
        CustomerChange(
            customer_id=customer.id,
            at=now,
            by=actor.ref,
            by_name=actor.name,
            source="keyaccounts",
            subject="customer",
            subject_key=customer.number,
            act="changed",
            fields=change,
        )
    )


def _sensible(one: Supply) -> bool:
    amounts = (one.capacity, one.transfer_minutes)
    texts = {"name": 100, "line_code": 40, "note": 300}
    return all(value is None or 0 <= value < Decimal(10) ** 6 for value in amounts) and all(
        len(getattr(one, name)) <= most for name, most in texts.items()
    )


def _audit(action: str, row: KeyAccount, details: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="key_account",
        subject_id=row.number,
        unit_path=row.unit_path,
        details=details,
    )
