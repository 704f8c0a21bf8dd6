"""Registers out of forms: what was typed, digit by digit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext as _l

from app.customers.operations.readings import InvalidReading
from app.web.inputs import text


def registers(names: Iterable[str], prefix: str = "") -> dict[str, Decimal]:
    """The registers of the form that hold anything; full-width digits and thousands separators are read.

    Raises `InvalidReading` (errors by register) for what is no number.
    """
    given, errors = {}, {}
    for name in names:
        typed = unicodedata.normalize("NFKC", text(prefix + name)).replace(",", "").replace(" ", "")
        if not typed:
            continue
        try:
            given[name] = Decimal(typed)
        except InvalidOperation:
            errors[name] = [_l("This is no number.")]
    if errors:
        raise InvalidReading(_l("Some entries do not fit."), errors=errors)
    return given
