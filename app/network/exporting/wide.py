"""The wider form: a sheet of a workbook, or a CSV file, for each sort of device that there is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from app.network.importing.given import Given, GivenGrid
from app.network.importing.wide import columns_of, words
from app.network.models import ALWAYS

SHEETS = {
    "substation": "substations",
    "node": "nodes",
    "branch": "lines",
    "switch": "switches",
    "feeder": "feeders",
    "lv_branch": "lv_branches",
    "meter_box": "meter_boxes",
    "customer": "customers",
}


def write_workbook(grid: GivenGrid, stream: BinaryIO, *, chinese: bool = True) -> None:
    """Write an .xlsx, row by row."""
    book = Workbook(write_only=True)
    for name, records in grid.records.items():
        if records:
            sheet = book.create_sheet(_title(name, chinese=chinese))
            sheet.append(_header(name, chinese=chinese))
            for row in _rows(name, records):
                sheet.append([_plain(sheet, value) for value in row])
    if not book.worksheets:
        book.create_sheet("substations").append(_header("substation", chinese=chinese))
    book.save(stream)


def _plain(sheet: Any, value: Any) -> Any:
    """A text that looks like a formula stays a text."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def write_csv(grid: GivenGrid, folder: Path, *, chinese: bool = False) -> list[Path]:
    """Write a CSV file for each sort (UTF-8 with a mark, as Excel expects it); returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, records in grid.records.items():
        if records:
            path = folder / f"{_title(name, chinese=chinese)}.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(_header(name, chinese=chinese))
                writer.writerows(_rows(name, records))
            made.append(path)
    return made


def _title(name: str, *, chinese: bool) -> str:
    return str(words()["sheets"][SHEETS[name]]["zh"]) if chinese else SHEETS[name]


def _header(name: str, *, chinese: bool) -> list[str]:
    return [words()["columns"][column] if chinese else column for column in columns_of(name)]


def _rows(name: str, records: list[Given]) -> Iterator[list[Any]]:
    columns = columns_of(name)
    for record in records:
        yield [_cell(record, column) for column in columns]


def _cell(record: Given, column: str) -> Any:
    value = getattr(record, column) if column in Given.__slots__ else record.get(column)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return "" if value == ALWAYS else value.isoformat()
    return "" if value is None else value
