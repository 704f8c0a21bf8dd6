"""Tariffs and rules from their tables, as the computation reads them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import BillingRule, Tariff
from app.billing.rules import Book, House, TariffRules, Version, read_rule, read_tariff
from app.billing.rules.schema import RULES
from app.kernel.db import session
from app.kernel.errors import Conflict


class NoRules(Conflict):
    """A rule of billing is not loaded: `flask tariffs sync` loads them."""

    code = "no_billing_rules"


@lru_cache(maxsize=500)
def _tariff(text: bytes) -> TariffRules:
    return read_tariff(orjson.loads(text))


@lru_cache(maxsize=100)
def _rule(code: str, text: bytes) -> Any:
    return read_rule(code, orjson.loads(text))


def version_of(row: Tariff) -> Version:
    """A row as the computation reads it."""
    return Version(
        row.code, row.valid_from, row.valid_to, _tariff(orjson.dumps(row.rules)), row.id, row.name, row.name_en
    )


def current_book() -> Book:
    """All tariffs with all their versions."""
    return Book(version_of(row) for row in session.scalars(sa.select(Tariff)))


def house_on(day: date) -> House:
    """The rules beside the tariffs in force on a day; raises `NoRules` where one is missing."""
    query = sa.select(BillingRule).where(
        BillingRule.valid_from <= day, sa.or_(BillingRule.valid_to.is_(None), BillingRule.valid_to > day)
    )
    found = {row.code: row for row in session.scalars(query)}
    if missing := sorted(set(RULES) - set(found)):
        raise NoRules(_l("Rules of billing are missing: %(codes)s.", codes=", ".join(missing)))
    rules = {code: _rule(code, orjson.dumps(row.rules)) for code, row in found.items() if code in RULES}
    return House(**rules, references={code: f"{code}@{row.valid_from}" for code, row in found.items()})
