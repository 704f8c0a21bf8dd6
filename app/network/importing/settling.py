"""Turn what cells say into values: numbers, truth, kinds, phases; what cannot be is an error at its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import isfinite
from typing import Any

from app.network.grid.topology import LETTERS
from app.network.importing.given import Finding, Given, GivenGrid
from app.network.models import ALWAYS, BRANCH_KINDS, NODE_KINDS, SWITCH_KINDS

KINDS = {"node": NODE_KINDS, "branch": BRANCH_KINDS, "switch": SWITCH_KINDS}
TRUE = {"1", "true", "yes", "y", "是"}
FALSE = {"", "0", "false", "no", "n", "否"}
LENGTHS = {"code": 40, "name": 120, "name_en": 120, "unit_code": 40, "address": 300}
CODE_COLUMNS = (
    *("from_code", "to_code", "substation_code", "breaker_code", "busbar_code"),
    *("transformer_code", "parent_code", "lv_branch_code", "meter_box"),
)


def _number(value: Any) -> float | None:
    if value is None or value == "":
        return None
    found = float(value)
    if not isfinite(found):
        raise ValueError(value)
    return found


def _latitude(value: Any) -> float | None:
    return _within(value, 90)


def _longitude(value: Any) -> float | None:
    return _within(value, 180)


def _within(value: Any, bound: float) -> float | None:
    found = _number(value)
    if found is not None and abs(found) > bound:
        raise ValueError(value)
    return found


def _not_negative(value: Any) -> float | None:
    found = _number(value)
    if found is not None and found < 0:
        raise ValueError(value)
    return found


def truth(value: Any) -> bool:
    """Whether a cell says yes; raises ValueError for what says neither."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower().removesuffix(".0")
    if text not in TRUE | FALSE:
        raise ValueError(value)
    return text in TRUE


def phases(value: Any) -> str:
    """Phases in their order; the neutral (N) is no phase of ours. Raises ValueError for other letters."""
    given = str(value).strip().upper().replace("N", "")
    if any(letter not in LETTERS for letter in given):
        raise ValueError(value)
    return "".join(letter for letter in LETTERS if letter in given)


def day(value: Any) -> date | None:
    """A date as `2026-03-02`; raises ValueError for what is none."""
    if value is None or value == "" or isinstance(value, date):
        return value or None
    return date.fromisoformat(str(value).strip()[:10])


VALUES: dict[str, Callable[[Any], Any]] = {
    "voltage": _not_negative,
    "lat": _latitude,
    "lon": _longitude,
    "capacity": _not_negative,
    "load": _number,
    "length": _not_negative,
    "infeed": truth,
    "public": truth,
    "protective": truth,
    "remote": truth,
    "normal": phases,
}


def settle(grid: GivenGrid) -> list[Finding]:
    """Turn every cell into its value; returns the errors."""
    findings: list[Finding] = []
    for table, records in grid.records.items():
        for record in records:
            _record(table, record, findings)
    return findings


def _record(table: str, record: Given, findings: list[Finding]) -> None:
    def bad(code: str, **params: Any) -> None:
        findings.append(Finding("error", code, record.place, record.code, params))

    if not record.code:
        bad("no_code")
    for name, longest in LENGTHS.items():
        text = getattr(record, name, None) if name != "address" else record.get("address")
        if isinstance(text, str) and len(text) > longest:
            bad("too_long", column=name, limit=longest)
    for name in CODE_COLUMNS:
        if len(str(record.get(name) or "")) > LENGTHS["code"]:
            bad("too_long", column=name, limit=LENGTHS["code"])
    for name, value in list(record.values.items()):
        if name in VALUES:
            try:
                record.values[name] = VALUES[name](value)
            except ValueError:
                bad("bad_value", column=name, value=str(value)[:80])
                record.values[name] = None
    if table in KINDS and record.get("kind") not in KINDS[table]:
        bad("bad_kind", value=str(record.get("kind"))[:40], allowed=", ".join(KINDS[table]))
    _common(record, bad)


def _common(record: Given, bad: Callable[..., None]) -> None:
    try:
        record.phases = phases(record.phases) or "ABC"
    except ValueError:
        bad("bad_value", column="phases", value=str(record.phases)[:80])
        record.phases = "ABC"
    for name in ("valid_from", "valid_to"):
        try:
            setattr(record, name, day(getattr(record, name)))
        except ValueError:
            bad("bad_value", column=name, value=str(getattr(record, name))[:80])
            setattr(record, name, None)
    record.valid_from = record.valid_from or ALWAYS
    if record.valid_to and record.valid_to <= record.valid_from:
        bad("never_valid")
