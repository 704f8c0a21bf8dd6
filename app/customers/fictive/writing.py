"""Write many rows past the unit of work: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.kernel.db import is_sqlite, session

CHUNK = 5_000

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def next_id(table: sa.Table) -> int:
    """The id after the highest one of a table."""
    return int(session.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1


def write(table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Add the rows, values in the order of `columns`; returns how many. Nothing is checked but by the database.

    `rows` must not ask the database: its connection is busy until they are written.
    """
    return _many(table, columns, rows) if is_sqlite() else _copy(table, columns, rows)


def settle_sequence(table: sa.Table) -> None:
    """Let the database's own ids go on after the highest one (PostgreSQL; SQLite does so by itself)."""
    if not is_sqlite():
        top = sa.func.max(table.c.id)
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        session.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(top, 1))).select_from(table))


def _many(table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    if named:
        session.connection().execute(table.insert(), named)
    return len(named)


def _copy(table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    names = ", ".join(f'"{name}"' for name in columns)
    raw: Any = session.connection().connection.driver_connection
    written = 0
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        chunk: list[str] = []
        for row in rows:
            chunk.append(_line(row))
            if len(chunk) == CHUNK:
                copy.write("\n".join(chunk) + "\n")
                written, chunk = written + CHUNK, []
        if chunk:
            copy.write("\n".join(chunk) + "\n")
    return written + len(chunk)


def _line(row: Sequence[Any]) -> str:
    """A row in the text form of COPY; what would need an escape is looked for in the whole line, which is rare."""
    line = "\t".join(["\\N" if value is None else str(value) for value in row])
    usual = line.count("\t") == len(row) - 1 and line.count("\\") == row.count(None)
    if usual and "\n" not in line and "\r" not in line:
        return line
    return "\t".join(["\\N" if value is None else str(value).translate(_ESCAPES) for value in row])
