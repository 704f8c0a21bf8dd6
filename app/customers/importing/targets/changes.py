"""Rows of `customer_change` for what an import writes: whence each value came, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.customers.importing.targets.base import Scope
from app.customers.models import CustomerChange
from app.kernel.db import table, write

_INSERT = sa.insert(table(CustomerChange))


class ChangeLog:
    """Gathers what a batch changes; `flush` writes it with one statement."""

    def __init__(self, scope: Scope) -> None:
        self._fixed = {
            "at": scope.now,
            "by": scope.actor.ref[:80],
            "by_name": scope.actor.name[:100],
            "source": (scope.source or "import")[:40],
            "import_id": scope.import_id,
        }
        self._rows: list[dict[str, Any]] = []

    def add(
        self, customer_id: int, *, line: int, subject: str, key: str, act: str, fields: Mapping[str, tuple[Any, Any]]
    ) -> None:
        """Note one act: `fields` maps a field to what it was and is."""
        self._rows.append(
            self._fixed
            | {
                "customer_id": customer_id,
                "line": line,
                "subject": subject,
                "subject_key": key[:80],
                "act": act,
                "fields": {name: [text(before), text(after)] for name, (before, after) in fields.items()},
            }
        )

    def flush(self) -> None:
        """Write what was noted."""
        if self._rows:
            write(_INSERT, self._rows)
            self._rows = []


def text(value: Any) -> str:
    """A value as history keeps it: plain digits, ISO days, empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        whole = value.normalize() if value else Decimal(0)
        return f"{whole:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of `after` that are not as before; None and an empty text are the same."""
    return {
        name: (before.get(name), value) for name, value in after.items() if (before.get(name) or "") != (value or "")
    }
