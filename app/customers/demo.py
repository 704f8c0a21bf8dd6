"""Demo customers over the demo units: six hundred households, shops and factories with two years' readings."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.customers.fictive.household import graded_of
from app.customers.fictive.loading import Follower, Loaded
from app.customers.fictive.loading import load as load_fictive
from app.customers.fictive.rows import SOURCE
from app.customers.fictive.words import words
from app.customers.identification import rules
from app.customers.models import Contact, Customer
from app.customers.operations.codes import sync_codes
from app.customers.operations.identifying import kept_form
from app.identity import queries as people
from app.identity.demo import NoDemoHere
from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.settings import Settings

COUNT = 600
PASSWORD_FILE = "demo_query_password"  # noqa: S105  (the name of a file)


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """Somebody to be on the line: account, the telephone known for it, and the query password (查询密码)."""

    account_no: str
    phone: str
    password: str


def give_password(settings: Settings) -> DemoCaller | None:
    """Give every demo customer that has none the query password of this installation, made at first use.

    Returns one of them, with a telephone that leads to this account alone; None where there is no demo customer.
    Raises `NoDemoHere` in production.
    """
    if settings.production:
        raise NoDemoHere("demo customers are not given a password in production")
    path = settings.instance / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(_digits() + "\n", encoding="utf-8")
    password = path.read_text(encoding="utf-8").strip()
    without = (
        Customer.source == SOURCE,
        Customer.query_password_hash == "",
        Customer.number.not_like(f"%{password}%"),
    )
    if session.scalar(sa.select(Customer.id).where(*without).limit(1)) is not None:
        session.execute(
            sa.update(Customer).where(*without).values(query_password_hash=kept_form(password)),
            execution_options={"synchronize_session": False},
        )
    alone = sa.select(Contact.phone).group_by(Contact.phone).having(sa.func.count() == 1)
    found = session.execute(
        sa.select(Customer.number, Contact.phone)
        .join(Contact, Contact.customer_id == Customer.id)
        .where(
            Customer.source == SOURCE,
            Customer.status != "closed",
            Customer.query_password_hash != "",
            Contact.phone.in_(alone),
        )
        .order_by(Customer.id)
        .limit(1)
    ).first()
    return DemoCaller(found[0], found[1], password) if found else None


def _digits() -> str:
    """A query password that the rules take."""
    while True:
        made = "".join(secrets.choice("0123456789") for _digit in range(rules().digits))
        if not rules().weakness(made, ""):
            return made


def load(*, count: int = COUNT, follow: Sequence[Follower] = ()) -> Loaded:
    """Make customers until there are `count` (those made before stay); `follow` adds what belongs to each batch."""
    now = clock.now()
    db.run(lambda: sync_codes(actor=SYSTEM, now=now))
    codes = list(words()["places"])
    units = [unit for code in codes if (unit := people.unit_by_code(code, at=now))]
    session.rollback()
    if not units:
        return Loaded(0, 0, 0.0)
    return load_fictive(count, units, now=now, follow=follow, unit_of=_unit_of)


def _unit_of(n: int) -> int:
    """The callers of the demo orders live where the orders are, graded customers in their unit; others take turns."""
    if n < words()["callers"]["count"]:
        return 3 if n % 4 == 3 else 0
    graded = graded_of(n)
    return list(words()["places"]).index(graded[3]) if graded else n
