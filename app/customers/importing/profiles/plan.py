"""A profile laid upon an open table: reads its rows as records of the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.profiles.content import Content
from app.customers.importing.profiles.converters import Convert, converter
from app.customers.importing.profiles.headers import data_rows, find_header, header_key, headers_of, match_columns
from app.customers.importing.reading import Row, Table, Trouble, Unreadable, Value
from app.customers.importing.targets import Problem, Record, Target
from app.customers.importing.values import Bad, is_blank
from app.kernel.errors import Invalid


class NoSuchColumns(Invalid):
    """The file lacks columns that the profile names: `details["missing"]`."""

    code = "import_columns_missing"


@dataclass(frozen=True, slots=True)
class _Mapped:
    """One field's column (None for a constant) with its converter."""

    field: str
    index: int | None
    convert: Convert
    constant: Any


class Plan:
    """Reads an open table by a profile's content. `columns` says which field stands in which column."""

    def __init__(self, table: Table, target: Target, content: Content, header: Row) -> None:
        self._table, self._target, self._header = table, target, header
        self._hidden = content.layout.hidden
        self.headers = headers_of(header)
        known = match_columns(self.headers)
        self._mapped = [_map(column, known, target, content) for column in content.columns]
        self.columns = {one.field: one.index for one in self._mapped if one.index is not None}

    def rows(self) -> Iterator[Row]:
        """The data rows, bounded."""
        for count, row in enumerate(data_rows(self._table, self._header, hidden=self._hidden), start=1):
            if count > BOUNDS.rows:
                raise Unreadable(_l("The file has too many rows."), reason="rows", place=str(row.line))
            yield row

    def record(self, row: Row) -> Record:
        """A row's values by field; what cannot be converted is noted and left out."""
        record, values, cells = Record(row.line, {}), {}, row.values
        width = len(cells)
        for one in self._mapped:
            value: Value = None
            if one.index is not None and one.index < width:
                value = cells[one.index]
            if is_blank(value):
                if one.constant is not None:
                    values[one.field] = one.constant
                continue
            try:
                values[one.field] = self._converted(one, value)
            except Bad as bad:
                shown = value.shown if isinstance(value, Trouble) else str(value)
                record.problems.append(Problem(bad.code, one.field, shown[:200], bad.params))
        record.values = values
        return record

    def place(self, line: int, field: str) -> str:
        """Where a problem stands, as the file's reader knows it."""
        return self._table.place(line, self.columns.get(field))

    def header(self, field: str) -> str:
        """The header over a field's column."""
        index = self.columns.get(field)
        return self.headers[index] if index is not None else ""

    @staticmethod
    def _converted(one: _Mapped, value: Value) -> Any:
        if isinstance(value, Trouble):
            raise Bad(value.code, value=value.shown)
        if isinstance(value, str) and len(value) > BOUNDS.cell_length:
            raise Bad("too_long", limit=BOUNDS.cell_length, length=len(value))
        return one.convert(value)


def open_plan(table: Table, target: Target, content: Content) -> Plan:
    """Find the header and the profile's columns; raises `NoSuchColumns` or `Unreadable`."""
    header = find_header(table, target, header_row=content.layout.header_row)
    named = {header_key(column.header) for column in content.columns if column.header}
    if not content.layout.header_row:
        header = _header_with(table, named) or header
    if header is None:
        raise Unreadable(_l("The file holds no table."), reason="empty")
    missing = [
        column.header
        for column in content.columns
        if column.header and not column.constant and header_key(column.header) not in match_columns(headers_of(header))
    ]
    if missing:
        message = _l(
            "The file lacks these columns of the profile: %(columns)s. Choose another profile or change this one.",
            columns="、".join(missing),
        )
        raise NoSuchColumns(message, missing=missing)
    return Plan(table, target, content, header)


def _header_with(table: Table, named: set[str]) -> Row | None:
    """The first row near the beginning that has all headers of the profile."""
    for count, row in enumerate(table.rows()):
        if count >= BOUNDS.header_search:
            return None
        if named and named <= set(match_columns(headers_of(row))):
            return row
    return None


def _map(column: Any, known: dict[str, int], target: Target, content: Content) -> _Mapped:
    field = target.field(column.field)
    if field is None:
        raise NoSuchColumns(_l("The profile names a field that is not known."), missing=[column.field])
    convert = converter(field, column, content)
    try:
        constant = convert(column.constant) if column.constant else None
    except Bad as bad:
        message = _l("The fixed value “%(value)s” does not fit its field.", value=column.constant)
        raise NoSuchColumns(message, missing=[column.field]) from bad
    return _Mapped(column.field, known.get(header_key(column.header)) if column.header else None, convert, constant)
