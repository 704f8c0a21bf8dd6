"""The rows of an import's file as an Excel file, with what is wrong with each in a column beside."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from app.customers.importing import find, reasons, targets
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import ImportProblem
from app.customers.importing.profiles import find_header
from app.customers.importing.profiles.headers import data_rows, header_key, headers_of
from app.customers.importing.reading import Row, Trouble, Value, open_table
from app.kernel import files
from app.kernel.db import session

_RED = PatternFill("solid", start_color="FFF3CD")
_BOLD = Font(bold=True)
Reasons = dict[int, list[tuple[str, str]]]


def report(import_id: int, *, every: bool = False) -> io.BytesIO:
    """An .xlsx stream with the header, the bad rows (or `every` row) and a column of reasons in the reader's language.

    Texts stay texts, so that nothing in a cell is computed when the file is opened. Raises `Unreadable`.
    """
    row = find.an_import(import_id)
    content, target = find.content_of(row), targets.get(row.target)
    table = open_table(files.open_file(row.file_id).path, content.layout)
    header = find_header(table, target, header_row=content.layout.header_row)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Rows with reasons"))
    if header is not None:
        by_line = _reasons(import_id, target)
        names = headers_of(header)
        sheet.append(
            [_cell(sheet, name, font=_BOLD) for name in (*names, _("Why the row is bad"), _("Line in the file"))]
        )
        for line in _lines(data_rows(table, header, hidden=content.layout.hidden), by_line, every=every):
            sheet.append(_cells(sheet, line, by_line.get(line.line, []), names))
    stream = io.BytesIO()  # packed, and bounded by `file_rows_in_report`; openpyxl gathers rows on disk
    book.save(stream)
    stream.seek(0)
    return stream


def _lines(rows: Iterator[Row], by_line: Reasons, *, every: bool) -> Iterator[Row]:
    left = BOUNDS.file_rows_in_report
    for row in rows:
        if every or row.line in by_line:
            left -= 1
            if left < 0:
                return
            yield row


def _reasons(import_id: int, target: targets.Target) -> Reasons:
    found: Reasons = defaultdict(list)
    query = sa.select(ImportProblem).where(ImportProblem.import_id == import_id).order_by(ImportProblem.id)
    for one in session.scalars(query):
        field = target.field(one.field)
        title = one.header or (str(field.title) if field else "")
        text = reasons.text_of(one.code, one.params, one.shown)
        found[one.line].append((header_key(one.header), f"{title}: {text}" if title else text))
    return found


def _cells(sheet: Any, row: Row, found: list[tuple[str, str]], names: list[str]) -> list[Any]:
    bad = {key for key, _text in found}
    values = [*row.values, *[None] * (len(names) - len(row.values))][: len(names)]
    cells = [
        _cell(sheet, _plain(value), fill=_RED if name and header_key(name) in bad else None)
        for name, value in zip(names, values, strict=True)
    ]
    return [*cells, _cell(sheet, "\n".join(text for _key, text in found)), _cell(sheet, row.line)]


def _plain(value: Value) -> Any:
    if isinstance(value, Trouble):
        return value.shown
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    return value


def _cell(sheet: Any, value: Any, *, font: Any = None, fill: Any = None) -> Any:
    cell = WriteOnlyCell(sheet, None)
    if isinstance(value, str):
        cell.value = value or None
        cell.data_type = "s"  # never a formula, whatever it begins with
    elif isinstance(value, bool | int | Decimal):
        cell.value = value
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = (
            "yyyy-mm-dd hh:mm:ss" if isinstance(value, datetime) and value.time().hour else "yyyy-mm-dd"
        )
    if font is not None:
        cell.font = font
    if fill is not None:
        cell.fill = fill
    return cell


_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
