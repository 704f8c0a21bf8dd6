"""A workbook: its sheets, shared texts and date styles; rows come from `sheet`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading.archive import Archive, broken, local
from app.customers.importing.reading.layout import Layout
from app.customers.importing.reading.merges import read_merges
from app.customers.importing.reading.rows import Row, Unreadable, column_name
from app.customers.importing.reading.sheet import SheetReader

CHINESE_DATES = frozenset({*range(27, 32), *range(50, 59)})
"""Built-in formats of the Chinese Excel that have no text in the file (ECMA-376, 18.8.30, zh-cn)."""

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    visible: bool


class WorkbookTable:
    """One sheet of an .xlsx file: the one asked for, else the first visible one that holds anything."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._archive = Archive(path)
        self._layout = layout
        sheets, self._from_1904 = _sheets(self._archive)
        self._sheet = _choose(self._archive, sheets, layout.sheet)
        self._strings: list[str] | None = None
        self.described: Mapping[str, str] = {
            "sheet": self._sheet.name,
            "sheets": "\n".join(sheet.name for sheet in sheets if sheet.visible),
        }

    def rows(self) -> Iterator[Row]:
        """The sheet's rows; a merged area's value stands in each of its rows."""
        try:
            if self._strings is None:
                self._strings = _strings(self._archive)
            reader = SheetReader(
                strings=self._strings,
                dates=_date_styles(self._archive),
                merges=read_merges(self._archive, self._sheet.part),
                from_1904=self._from_1904,
                formulas=self._layout.formulas,
            )
            yield from reader.rows(self._archive, self._sheet.part)
        except (etree.XMLSyntaxError, zipfile.BadZipFile, EOFError) as exc:
            raise broken() from exc

    def place(self, line: int, column: int | None) -> str:
        """`C12`."""
        return str(line) if column is None else f"{column_name(column)}{line}"


def sheet_names(path: Path) -> list[str]:
    """The visible sheets of a workbook, in order."""
    return [sheet.name for sheet in _sheets(Archive(path))[0] if sheet.visible]


def _sheets(archive: Archive) -> tuple[list[_Sheet], bool]:
    book = next((name for name in ("xl/workbook.xml", "workbook.xml") if name in archive), None)
    if book is None:
        raise broken()
    tree, related = archive.tree(book), archive.related(book)
    from_1904, sheets = False, []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if local(element) == "workbookPr":
            from_1904 = element.get("date1904") in {"1", "true"}
        elif local(element) == "sheet":
            part = related.get(element.get(_ID) or element.get(_STRICT_ID) or "", "")
            if part in archive and "worksheets/" in part:  # a chart sheet has no rows
                visible = element.get("state", "visible") == "visible"
                sheets.append(_Sheet(element.get("name", ""), part, visible))
    if not sheets:
        raise broken()
    return sheets, from_1904


def _choose(archive: Archive, sheets: list[_Sheet], wanted: str) -> _Sheet:
    if wanted:
        found = next((sheet for sheet in sheets if sheet.name.strip() == wanted.strip()), None)
        if found is None:
            message = _l("The workbook has no sheet “%(name)s”.", name=wanted)
            raise Unreadable(message, reason="sheet")
        return found
    visible = [sheet for sheet in sheets if sheet.visible] or sheets
    return next((sheet for sheet in visible if _holds_something(archive, sheet.part)), visible[0])


def _holds_something(archive: Archive, part: str) -> bool:
    return any(True for _event, _cell in archive.elements(part, "v", "t"))


def _strings(archive: Archive) -> list[str]:
    """The shared texts; phonetic guides (拼音指南) are left out."""
    part = "xl/sharedStrings.xml"
    if part not in archive:
        return []
    found: list[str] = []
    size = 0
    for _event, item in archive.elements(part, "si"):
        text = item_text(item)
        size += len(text)
        if len(found) >= BOUNDS.strings or size > BOUNDS.string_bytes:
            raise Unreadable(_l("The workbook holds too much text. Divide it."), reason="strings")
        found.append(text)
        _forget(item)
    return found


def item_text(item: Any) -> str:
    """The text of a rich or plain text item."""
    return "".join(
        node.text or ""
        for node in item.iter()
        if isinstance(node.tag, str) and local(node) == "t" and local(node.getparent()) != "rPh"
    )


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]


def _date_styles(archive: Archive) -> frozenset[int]:
    """The indexes of cell styles that show a number as a day."""
    part = "xl/styles.xml"
    if part not in archive:
        return frozenset()
    tree = archive.tree(part)
    formats: dict[int, str] = {key: str(text) for key, text in BUILTIN_FORMATS.items()}
    cells: list[int] = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if local(element) == "numFmt" and element.get("numFmtId", "").isdigit():
            formats[int(element.get("numFmtId"))] = element.get("formatCode", "")
        elif local(element) == "cellXfs":
            cells = [int(style.get("numFmtId") or 0) for style in element]
    return frozenset(index for index, key in enumerate(cells) if _is_date(key, formats.get(key, "")))


def _is_date(key: int, text: str) -> bool:
    return key in CHINESE_DATES or bool(text and is_date_format(text) and not is_timedelta_format(text))
