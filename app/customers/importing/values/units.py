"""Units as people write them behind numbers and in headers, and their factors (`words.yaml`)."""

from __future__ import annotations

import re
from decimal import Decimal

from app.customers.importing.values.folding import WORDS, fold

_SPELLED: dict[str, dict[str, str]] = {
    dimension: {fold(unit).casefold(): unit for unit in units} for dimension, units in WORDS["units"].items()
}
_FACTORS: dict[str, dict[str, Decimal]] = {
    dimension: {fold(unit).casefold(): Decimal(text) for unit, text in units.items()}
    for dimension, units in WORDS["units"].items()
}
_IN_HEADER = re.compile(r"[(\[/]\s*(?:单位[:：]?)?\s*([^()\[\]/]+?)\s*[)\]]?$")


def factor(dimension: str, unit: str) -> Decimal | None:
    """What a number in this unit is multiplied with to be in the dimension's own unit; None for an unknown one."""
    return _FACTORS.get(dimension, {}).get(_key(unit))


def units_of(dimension: str) -> list[str]:
    """The units known of a dimension, its own first."""
    return list(_SPELLED.get(dimension, {}).values())


def unit_in(header: str, dimension: str) -> str:
    """The unit that a header names in brackets: `电量(万kWh)`, `容量/kVA`; empty where it names none we know."""
    match = _IN_HEADER.search(fold(header))
    return _SPELLED.get(dimension, {}).get(_key(match[1]), "") if match else ""


def _key(unit: str) -> str:
    return fold(unit).casefold().replace(" ", "")
