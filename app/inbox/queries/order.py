"""The order of a task list and its pages by key, the same over a task's row and a candidate's copy of it.

Tasks without a due date come last in either direction. Because NULL sorts differently on
the two databases, and no index range spans both halves, dated and undated tasks are two
ranges, each read up to one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.inbox.queries.cursor import Cursor
from app.inbox.queries.filters import TaskFilter

Columns = Any
"""The mapped class that carries the order: `Task`, or `TaskCandidate` with its copies."""


@dataclass(frozen=True, slots=True)
class Order:
    """`sort` is due, created or priority; `after` the last row of the page before."""

    sort: str
    desc: bool
    after: Cursor | None

    @classmethod
    def of(cls, wanted: TaskFilter, after: Cursor | None) -> Order:
        return cls(wanted.sort, wanted.desc, after)

    def column(self, source: Columns) -> Any:
        return {"due": source.due_at, "created": source.created_at, "priority": source.priority}[self.sort]

    def ranges(self, query: sa.Select[Any], source: Columns, row_id: Any, size: int) -> list[sa.Select[Any]]:
        """The first `size` rows after the cursor: one range, or a dated and an undated one.

        Each yields (undated, value, id), the key of the order.
        """
        if self.sort != "due":
            return [self._range(query, source, row_id, size)]
        undated = self.after is not None and self.after.value is None
        dated = query.where(source.due_at.is_not(None))
        rest = query.where(source.due_at.is_(None))
        found = [] if undated else [self._range(dated, source, row_id, size)]
        return [*found, self._undated(rest, source, row_id, size)]

    def _range(self, query: sa.Select[Any], source: Columns, row_id: Any, size: int) -> sa.Select[Any]:
        key = self.column(source)
        if self.after is not None:
            here = sa.tuple_(key, row_id)
            last = sa.tuple_(sa.literal(self.after.value, key.type), sa.literal(self.after.id, row_id.type))
            query = query.where(here < last if self.desc else here > last)
        columns = query.with_only_columns(
            sa.literal_column("0").label("undated"), key.label("value"), row_id.label("id"), maintain_column_froms=True
        )
        return columns.order_by(*self._directed(key, row_id)).limit(size)

    def _undated(self, query: sa.Select[Any], source: Columns, row_id: Any, size: int) -> sa.Select[Any]:
        if self.after is not None and self.after.value is None:
            last = sa.literal(self.after.id, row_id.type)
            query = query.where(row_id < last if self.desc else row_id > last)
        columns = query.with_only_columns(
            sa.literal_column("1").label("undated"),
            source.due_at.label("value"),
            row_id.label("id"),
            maintain_column_froms=True,
        )
        return columns.order_by(*self._directed(row_id)).limit(size)

    def merged(self, ranges: Sequence[sa.Select[Any]], size: int) -> sa.Select[Any]:
        """The first `size` distinct rows of all ranges, as a select of (undated, value, id)."""
        parts = [sa.select(part.subquery()) for part in ranges]
        rows = sa.union(*parts).subquery("page") if len(parts) > 1 else parts[0].subquery("page")
        return sa.select(rows).order_by(*self.total(rows.c)).limit(size)

    def total(self, columns: Any) -> list[Any]:
        """ORDER BY over the key's columns."""
        return [columns.undated, *self._directed(columns.value, columns.id)]

    def cursor(self, row: Any) -> Cursor:
        """The cursor that continues after this row of a page."""
        return Cursor(self.sort, row.value, row.id)

    def _directed(self, *keys: Any) -> list[Any]:
        return [key.desc() if self.desc else key.asc() for key in keys]
