"""Tariffs with their versions and dates, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Tariff
from app.billing.queries.rules import version_of
from app.billing.rules import TariffRules
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.i18n import localized


class TariffNotFound(NotFound):
    code = "tariff_not_found"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version; `current` where it is in force today."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    source: str
    rules: TariffRules
    current: bool


def tariff_list(today: date) -> list[VersionView]:
    """The version of each tariff that is in force, or the newest where none is, by code."""
    found: dict[str, VersionView] = {}
    for row in session.scalars(sa.select(Tariff).order_by(Tariff.code, Tariff.valid_from)):
        view = _view(row, today)
        if view.code not in found or not found[view.code].current:
            found[view.code] = view
    return list(found.values())


def tariff_versions(code: str, today: date) -> Sequence[VersionView]:
    """All versions of a tariff, newest first; raises `TariffNotFound`."""
    rows = session.scalars(sa.select(Tariff).where(Tariff.code == code).order_by(Tariff.valid_from.desc())).all()
    if not rows:
        raise TariffNotFound(_l("There is no tariff %(code)s.", code=code))
    return [_view(row, today) for row in rows]


def _view(row: Tariff, today: date) -> VersionView:
    current = row.valid_from <= today and (row.valid_to is None or today < row.valid_to)
    name = localized(row.name, row.name_en)
    return VersionView(row.code, name, row.valid_from, row.valid_to, row.source, version_of(row).rules, current)
