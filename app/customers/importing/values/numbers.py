"""Numbers: `1,234.50`, `１２３`, `(12.00)`, `￥3.5元`, `12 万kWh`; never by way of a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.customers.importing.reading import Value
from app.customers.importing.values.bad import Bad
from app.customers.importing.values.folding import fold, plain
from app.customers.importing.values.units import factor

MAX_DIGITS = 30

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?P<group>[, '])\d{3}((?P=group)\d{3})*(\.\d+)?")
_DOTTED = re.compile(r"[+-]?\d{1,3}(\.\d{3})*(,\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_WITH_UNIT = re.compile(r"(?P<number>[^a-z一-鿿%]*\d\.?)\s*(?P<unit>[a-z一-鿿][a-z一-鿿·.]*)")
_SIGNS = str.maketrans(
    {"−": "-", "－": "-", "–": "-", "﹣": "-", "¥": "", "￥": "", "$": "", "\u2009": " ", "\u202f": " "}
)


def to_number(
    value: Value, *, dimension: str = "", unit: str = "", places: int | None = None, comma: bool = False
) -> Decimal:
    """The exact number of a cell in the dimension's own unit.

    A unit written in the cell counts before `unit`, the column's. With `comma` a comma is the decimal sign. `places`
    are the decimals a field holds: a number with more is refused where it came from a person, and rounded half-even
    where a spreadsheet computed it or a unit was converted.
    """
    if isinstance(value, Decimal):
        number, computed = value, True
    else:
        number, unit, computed = _parse(plain(value), dimension, unit, comma)
    if unit and dimension:
        scale = factor(dimension, unit)
        if scale is None:
            raise Bad("unknown_unit", unit=unit)
        number, computed = number * scale, computed or scale != 1
    return _fit(number, places, computed)


def _parse(text: str, dimension: str, unit: str, comma: bool) -> tuple[Decimal, str, bool]:
    """(number, unit, whether it may be rounded)."""
    folded = fold(text).translate(_SIGNS).strip()
    if dimension and (match := _WITH_UNIT.fullmatch(folded.casefold())):
        folded, unit = match["number"].strip(), match["unit"]
    negative = folded.startswith("(") and folded.endswith(")")
    folded = folded[1:-1].strip() if negative else folded
    if folded.endswith("-") and folded[:1].isdigit():
        negative, folded = True, folded[:-1].strip()
    number = _digits(folded, comma, text)
    if negative and number < 0:
        raise Bad("no_number", value=text)
    return (-number if negative else number), unit, "e" in folded.casefold()


def _digits(text: str, comma: bool, given: str) -> Decimal:
    if len(text) > MAX_DIGITS + 10:
        raise Bad("no_number", value=given)
    if comma:
        if not _DOTTED.fullmatch(text) and not _COMMA.fullmatch(text) and not _PLAIN.fullmatch(text):
            raise Bad("no_number", value=given)
        text = text.replace(".", "").replace(",", ".") if "," in text or text.count(".") > 1 else text
    elif _GROUPED.fullmatch(text):
        text = re.sub(r"[, ']", "", text)
    elif _COMMA.fullmatch(text):
        raise Bad("comma_number", value=given)
    if not _PLAIN.fullmatch(text):
        raise Bad("no_number", value=given)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Bad("no_number", value=given) from None


def _fit(number: Decimal, places: int | None, computed: bool) -> Decimal:
    if not number.is_finite() or (number and abs(number.adjusted()) > MAX_DIGITS):
        raise Bad("no_number", value=number)
    if places is None:
        return number
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places and not computed and number != round(number, places):
        raise Bad("too_precise", places=places, value=f"{number:f}")
    return round(number, places)
