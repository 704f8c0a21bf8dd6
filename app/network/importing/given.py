"""What an import brings, whatever its form: plain records, each with the place it was read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.network.models import ALWAYS


@dataclass(slots=True)
class Given:
    """One device as given: `table` says of which sort, `place` where it stands (`nodes.csv:12`)."""

    table: str
    code: str
    place: str
    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    name_en: str = ""
    unit_code: str = ""
    phases: str = "ABC"
    valid_from: date = ALWAYS
    valid_to: date | None = None

    def get(self, name: str, default: Any = "") -> Any:
        """A value beyond those that all devices have."""
        return self.values.get(name, default)


TABLES = ("substation", "node", "branch", "switch", "feeder", "lv_branch", "meter_box", "customer")
"""In the order in which they refer to each other; a `customer` row only says where a customer hangs."""

DEVICES = TABLES[:-1]


@dataclass(slots=True)
class GivenGrid:
    """All records of an import by table; `form` is plain, wide or cim."""

    form: str
    files: list[str]
    records: dict[str, list[Given]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, record: Given) -> None:
        self.records[record.table].append(record)

    def of(self, table: str) -> list[Given]:
        return self.records[table]

    @property
    def counts(self) -> dict[str, int]:
        """How many records there are of each sort."""
        return {name: len(rows) for name, rows in self.records.items() if rows}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `code` names the reason, `element` what it is about. An error refuses the import."""

    severity: str
    code: str
    place: str
    element: str
    params: dict[str, Any] = field(default_factory=dict)
