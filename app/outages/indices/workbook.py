"""A report as an Excel file: the lines with what they were computed from, every interruption, and the rules."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.identity import queries as people
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.outages.indices import labels
from app.outages.indices.figures import NAMES
from app.outages.indices.lines import Line
from app.outages.indices.report import Report
from app.outages.indices.serving import feeder_names

_HEAD = PatternFill("solid", start_color="E3EFEF")
_BOLD = Font(bold=True)
_FORMATS = {"asai": "0.0000%", "rs1": "0.0000%", "rs2": "0.0000%", "rs3": "0.0000%", "cemi": "0.00%"}
MOST_ROWS = 100_000
"""Interruptions on the sheet at most: beyond, a note says how many are left out."""


def workbook(
    found: Report, name_of: Callable[[Line], str], facts: Sequence[tuple[str, str]], *, now: datetime
) -> bytes:
    """The .xlsx file. `name_of` names a line, `facts` say what the report is about. Texts are never formulas."""
    book = Workbook()
    _lines(book.active, found, name_of)
    _interruptions(book.create_sheet(_("Interruptions behind it")), found, now)
    _basis(book.create_sheet(_("Basis of the figures")), facts)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _lines(sheet: Any, found: Report, name_of: Callable[[Line], str]) -> None:
    sheet.title = _("Indices of reliability")[:31]
    names = NAMES[found.wanted.basis]
    n, more = found.cemi
    heads = [str(labels.BY[found.wanted.by])]
    heads += [
        f"{labels.short(name, n=n, more_than=more)}{f' ({unit})' if (unit := labels.unit(name)) else ''}"
        for name in names
    ]
    heads += [_("Customers served (N)"), _("Outages"), "ΣNᵢ", f"Σrᵢ·Nᵢ ({_('min')})", _("Short ΣNᵢ"), _("Hours (T)")]
    _head(sheet, heads)
    rows = [(_("Together"), found.total), (_("Without major event days"), found.without_major)]
    for title, line in [*rows, *((name_of(line), line) for line in found.lines)]:
        counted = line.counted
        values = [line.figures[name] for name in names]
        sums = [line.served, counted.outages, counted.interruptions, counted.minutes, counted.momentary, line.hours]
        sheet.append([_text(title), *values, *(round(value, 4) for value in sums)])
    for column, name in enumerate(names, 2):
        for cell in sheet[get_column_letter(column)][1:]:
            cell.number_format = _FORMATS.get(name, "0.000")
    for row in sheet["A2:A3"]:
        row[0].font = _BOLD
    _widths(sheet, [32, *[13] * (len(heads) - 1)])


def _interruptions(sheet: Any, found: Report, now: datetime) -> None:
    heads = [
        _("Outage number"), _("Nature"), _("Cause"), _("Unit"), _("10 kV feeder"), _("Lost at"), _("Restored at"),
        _("Minutes rᵢ"), _("Customers Nᵢ"), "rᵢ·Nᵢ", _("Short"), _("Major event day"),
    ]  # fmt: skip
    _head(sheet, heads)
    causes, feeders, major = labels.causes(), feeder_names(), set(found.major_days)
    known = people.units_by_code({one.unit_code for one in found.found[:MOST_ROWS]}, at=now)
    units = {code: localized(unit.name, unit.name_en) for code, unit in known.items()}
    limit = found.rules.momentary[found.wanted.basis]
    for one in found.found[:MOST_ROWS]:
        sheet.append(
            [
                one.number, labels.nature(one.nature), _text(labels.cause(one.cause, causes)),
                _text(units.get(one.unit_code, one.unit_code)), _text(feeders.get(one.feeder_code, one.feeder_code)),
                one.out_at.astimezone(LOCAL).replace(tzinfo=None),
                one.restored_at.astimezone(LOCAL).replace(tzinfo=None), round(one.minutes, 3), one.customers,
                round(one.minutes * one.customers, 3), "✓" if one.minutes <= limit else "",
                "✓" if one.day in major else "",
            ]
        )  # fmt: skip
    for column in "FG":
        for cell in sheet[column][1:]:
            cell.number_format = "yyyy-mm-dd hh:mm:ss"
    left = len(found.found) - MOST_ROWS
    if left > 0:
        sheet.append([_("%(n)s more are left out: choose a shorter period.", n=left)])
    _widths(sheet, [18, 14, 20, 26, 22, 20, 20, 12, 12, 14, 8, 14])


def _basis(sheet: Any, facts: Sequence[tuple[str, str]]) -> None:
    for name, value in facts:
        sheet.append([_text(name), _text(value)])
    for cell in sheet["A"]:
        cell.font = _BOLD
    for cell in sheet["B"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    _widths(sheet, [34, 90])


def _head(sheet: Any, heads: Sequence[str]) -> None:
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font, cell.fill, cell.alignment = _BOLD, _HEAD, Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _text(value: str) -> str:
    """A text that no programme takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
