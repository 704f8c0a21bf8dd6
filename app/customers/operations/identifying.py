"""Prove who calls, and set the query password (身份核验、查询密码)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from app.customers import identities
from app.customers.identification import Rules, rules
from app.customers.models import CallerCheck, Customer
from app.customers.phones import normalise
from app.identity import passwords
from app.kernel import audit, db
from app.kernel.actor import Actor
from app.kernel.db import session

Method = Literal["password", "identity"]
METHODS: tuple[Method, ...] = ("password", "identity")
_LAST = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """`outcome` is `passed`, `failed`, `locked` or `unset`; `left` how many attempts remain for this account."""

    outcome: str
    left: int
    customer_id: int | None = None


def check_caller(
    account_no: str, method: Method, secret: str, *, phone: str = "", call_ref: str = "", actor: Actor, now: datetime
) -> Checked:
    """Compare what a caller typed with what is kept, and note the attempt; what was typed is not kept.

    An account that does not exist fails like a wrong secret. `identity` compares the last four
    characters of the identity number. Other methods fail.
    """
    bare, caller = account_no.strip()[:32], (normalise(phone) or "")[:40]
    db.alone(f"customers.check_account {bare}")
    db.alone(f"customers.check_phone {caller}")
    book = rules()
    left = _left(bare, caller, book, now)
    customer = session.scalar(sa.select(Customer).where(Customer.number == bare, Customer.status != "closed"))
    outcome = "locked" if left <= 0 else _compare(customer, method, secret)
    row = CallerCheck(
        at=now,
        account_no=bare,
        customer_id=customer.id if customer else None,
        phone=caller,
        method=method if method in METHODS else "other",
        outcome=outcome,
        call_ref=call_ref[:80],
    )
    session.add(row)
    session.flush()
    details = {"method": row.method, "outcome": outcome, "phone": caller, "call": row.call_ref}
    audit.record(
        "customer.identified" if outcome == "passed" else "customer.not_identified",
        actor=actor,
        now=now,
        subject_type="customer",
        subject_id=bare,
        unit_path=customer.unit_path if customer else None,
        details=details,
    )
    remaining = left - 1 if outcome == "failed" else left
    return Checked(outcome, max(0, remaining), customer.id if customer and outcome == "passed" else None)


def set_query_password(account_no: str, password: str, *, actor: Actor, now: datetime) -> str:
    """Set the query password of an account whose customer has been identified; returns why it was refused, or "".

    Reasons are those of `Rules.weakness`, and `unknown` for an account that is not there.
    """
    customer = session.scalar(
        sa.select(Customer).where(Customer.number == account_no.strip(), Customer.status != "closed")
    )
    if customer is None:
        return "unknown"
    if weakness := rules().weakness(password, customer.number):
        return weakness
    customer.query_password_hash = kept_form(password)
    customer.updated_at = now
    session.flush()
    audit.record(
        "customer.password_set",
        actor=actor,
        now=now,
        subject_type="customer",
        subject_id=customer.number,
        unit_path=customer.unit_path,
    )
    return ""


def kept_form(password: str) -> str:
    """How a query password is kept: the same for every account, so that many may be given one."""
    return passwords.hashed(_keyed(password))


def _left(account_no: str, phone: str, book: Rules, now: datetime) -> int:
    """Attempts that remain: of the account since it was last proved, and of the caller."""
    since = now - book.within
    passed = sa.select(sa.func.coalesce(sa.func.max(CallerCheck.id), 0)).where(
        CallerCheck.account_no == account_no, CallerCheck.outcome == "passed"
    )
    count = sa.select(sa.func.count()).select_from(CallerCheck)
    failed = count.where(CallerCheck.outcome == "failed", CallerCheck.at > since)
    of_account = session.scalar(
        failed.where(CallerCheck.account_no == account_no, CallerCheck.id > passed.scalar_subquery())
    )
    of_phone = session.scalar(failed.where(CallerCheck.phone == phone)) if phone else 0
    return min(book.account - (of_account or 0), book.phone - (of_phone or 0))


def _compare(customer: Customer | None, method: str, secret: str) -> str:
    if method == "password":
        if customer is not None and not customer.query_password_hash:
            return "unset"
        stored = customer.query_password_hash if customer else None
        return "passed" if passwords.matches(_keyed(secret), stored) else "failed"
    if method == "identity":
        if customer is not None and not customer.identity_last4_hash:
            return "unset"
        typed = identities.normal(secret.replace("*", "X"))  # X is a letter no key has
        kept = customer.identity_last4_hash if customer else ""
        same = len(typed) == _LAST and hmac.compare_digest(identities.fingerprint(typed), kept or "-")
        return "passed" if same else "failed"
    return "failed"


def _keyed(password: str) -> str:
    """Six digits are guessed in no time from a hash alone: the installation's key goes in first."""
    return identities.fingerprint(f"query password:{password[:40]}")
