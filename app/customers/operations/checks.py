"""Whether given values can be a customer's: lengths, words of the lists, units, amounts, places. Errors by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import ReadingSegment
from app.customers.queries.codes import CodeView
from app.kernel.db import session
from app.kernel.errors import Invalid

NEEDED = ("name", "address", "unit")
LENGTHS = {
    **{"number": 32, "name": 200, "address": 300, "unit": 40, "segment_code": 40, "tariff_code": 40, "query_code": 40},
    **{"zone": 40, "transformer_code": 40, "line_code": 40, "meter_box": 40, "source_ref": 80, "identity": 40},
}
CODED = ("kind", "category", "industry", "voltage", "load_nature", "importance", "area")
MUST_BE_CODED = frozenset({"kind", "importance", "area"})
CAPACITIES = ("contract_capacity", "running_capacity")
LARGEST_CAPACITY = Decimal("9999999999.99")
"""What the column holds."""

Errors = dict[str, list[Any]]


class InvalidCustomer(Invalid):
    """The values cannot be a customer's; `details["errors"]` maps field to messages."""

    code = "invalid_customer"


def check(values: Mapping[str, Any], codes: Mapping[tuple[str, str], CodeView], *, new: bool, now: datetime) -> None:
    """Raise `InvalidCustomer` with every field that does not fit; only a new customer must have all that is needed."""
    errors: Errors = {}
    for name in NEEDED:
        if (new or name in values) and not str(values.get(name, "")).strip():
            errors.setdefault(name, []).append(_l("This is needed."))
    for name, most in LENGTHS.items():
        if len(values.get(name) or "") > most:
            errors.setdefault(name, []).append(_l("At most %(most)s characters.", most=most))
    _check_codes(values, codes, errors)
    _check_amounts(values, errors)
    _check_others(values, errors, now.date())
    if errors:
        raise InvalidCustomer(_l("Some entries do not fit."), errors=errors)


def _check_codes(values: Mapping[str, Any], codes: Mapping[tuple[str, str], CodeView], errors: Errors) -> None:
    for kind in CODED:
        word = values.get(kind)
        if word is None or (word == "" and kind not in MUST_BE_CODED):
            continue
        if (kind, word) not in codes:
            errors.setdefault(kind, []).append(_l("Unknown value “%(value)s”.", value=word))


def _check_amounts(values: Mapping[str, Any], errors: Errors) -> None:
    for name in CAPACITIES:
        amount = values.get(name)
        if amount is not None and not Decimal(0) <= amount <= LARGEST_CAPACITY:
            errors.setdefault(name, []).append(_l("This is no capacity in kVA."))
    contract, running = (values.get(name) for name in CAPACITIES)
    if contract is not None and running is not None and running > contract:
        message = _l("The running capacity is larger than the contract's.")
        errors.setdefault("running_capacity", []).append(message)
    for name, most in (("lat", 90), ("lon", 180)):
        if values.get(name) is not None and abs(values[name]) > most:
            errors.setdefault(name, []).append(_l("This is no place on earth."))


def _check_others(values: Mapping[str, Any], errors: Errors, today: date) -> None:
    if values.get("opened_on") and values["opened_on"] > today:
        errors.setdefault("opened_on", []).append(_l("This lies in the future."))
    credit = values.get("credit_code")
    if credit and not (len(credit) == 18 and credit.isascii() and credit.isalnum()):
        errors.setdefault("credit_code", []).append(_l("A unified social credit code has 18 letters and digits."))
    segment = values.get("segment_code")
    if segment and session.scalar(sa.select(ReadingSegment.id).where(ReadingSegment.code == segment)) is None:
        errors.setdefault("segment_code", []).append(_l("There is no such reading segment."))
