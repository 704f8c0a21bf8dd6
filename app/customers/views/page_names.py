"""Names of codes and units, and quantities, in the reader's language, for the customer's page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import format_decimal

from app.customers.models import CustomerCode
from app.customers.queries.view import CustomerView
from app.identity import queries as people
from app.kernel.db import session
from app.kernel.i18n import localized

CODED = ("category", "industry", "voltage", "load_nature")


def code_names(view: CustomerView) -> dict[str, str]:
    """The words of the customer's codes by field, in one statement; an unknown code shows itself."""
    wanted = {name: getattr(view, name) for name in CODED if getattr(view, name)}
    query = sa.select(CustomerCode).where(
        sa.or_(
            sa.false(),
            *(sa.and_(CustomerCode.kind == name, CustomerCode.code == word) for name, word in wanted.items()),
        )
    )
    found = {row.kind: localized(row.name, row.name_en) for row in session.scalars(query)} if wanted else {}
    return {name: found.get(name, word) for name, word in wanted.items()}


def unit_name(code: str, *, at: datetime) -> str:
    """The unit's name, its code where it is not known."""
    unit = people.unit_by_code(code, at=at)
    return localized(unit.name, unit.name_en) if unit else code


def quantity(value: Decimal | None) -> str:
    """A quantity as people write it, without needless places; a dash where it is not known."""
    return str(format_decimal(value, format="#,##0.##")) if value is not None else "—"
