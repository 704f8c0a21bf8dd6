"""The wider form: a sheet or CSV file for each sort of device (`words.yaml`), columns called in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.network.importing.given import Finding, Given, GivenGrid
from app.network.importing.writing import OWN
from app.network.models import ALWAYS

COMMON = ("code", "name", "name_en", "unit_code", "phases", "valid_from", "valid_to")


@cache
def words() -> dict[str, Any]:
    """Sheets and columns as `words.yaml` names them."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _sheets() -> dict[str, dict[str, Any]]:
    found = {}
    for name, entry in words()["sheets"].items():
        found[name] = found[entry["zh"]] = entry
    return found


@cache
def _headers() -> dict[str, str]:
    found = {}
    for name, zh in words()["columns"].items():
        found[name] = found[zh.lower()] = name
    return found


def columns_of(table: str) -> tuple[str, ...]:
    """The columns a table may have."""
    if table == "customer":
        return tuple(words()["customer"])
    return (*COMMON, *OWN[table])


def sheet(name: str) -> Mapping[str, Any] | None:
    """What a sheet of this name holds, None where it is none of ours."""
    return _sheets().get(name.strip().lower())


def columns(cells: list[str]) -> list[str]:
    """Our names of a header's cells; what we do not know stays as it is, behind a question mark."""
    return [_headers().get(cell.strip().lower(), f"?{cell.strip()}" if cell.strip() else "") for cell in cells]


def check_header(entry: Mapping[str, Any], header: list[str], place: str) -> list[Finding]:
    """Columns we do not know, that come twice, or that are missing."""
    allowed, findings = columns_of(entry["table"]), []
    for name in header:
        if name and name not in allowed:
            findings.append(Finding("error", "unknown_column", place, name.lstrip("?")))
        elif name and header.count(name) > 1:
            findings.append(Finding("error", "double_column", place, name))
    needed = "number" if entry["table"] == "customer" else "code"
    if needed not in header:
        findings.append(Finding("error", "missing_column", place, needed))
    return findings


def add(grid: GivenGrid, entry: Mapping[str, Any], place: str, row: Mapping[str, str]) -> None:
    """Add one row of a sheet."""
    table = entry["table"]
    if table == "customer":
        grid.add(Given("customer", row.get("number", ""), place, dict(row)))
        return
    values = {name: row.get(name, "") for name in OWN[table] if row.get(name)}
    if "kind" in entry and not values.get("kind"):
        values["kind"] = entry["kind"]
    if table == "switch" and "normal" not in row:
        values["normal"] = "ABC"
    elif table == "switch":
        values["normal"] = row["normal"]
    grid.add(
        Given(
            table,
            row.get("code", ""),
            place,
            values,
            name=row.get("name", ""),
            name_en=row.get("name_en", ""),
            unit_code=row.get("unit_code", ""),
            phases=row.get("phases", ""),
            valid_from=row.get("valid_from") or ALWAYS,  # type: ignore[arg-type]  # settled later
            valid_to=row.get("valid_to") or None,  # type: ignore[arg-type]
        )
    )
