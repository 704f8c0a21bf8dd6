"""Files to records: which form they have is found by their content; what cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading import Layout, Row, Trouble, Unreadable, open_table, sheet_names
from app.network.importing import plain, wide
from app.network.importing.cim import parsing, translating
from app.network.importing.given import Finding, GivenGrid

CIM = {".xml", ".rdf"}
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read and what people call it."""

    name: str
    path: Path


@dataclass(slots=True)
class Read:
    """The records and what was found wrong on the way."""

    grid: GivenGrid
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its name, the place of its header, its columns and its rows."""

    name: str
    file: str
    header: list[str]
    header_place: str
    rows: list[tuple[str, dict[str, str]]]
    findings: list[Finding]


def read(sources: Sequence[Source], *, prefix: str = "") -> Read:
    """Read all files as one grid; `prefix` is put before the codes of the plain form."""
    names = [source.name for source in sources]
    if sources and all(Path(source.name).suffix.lower() in CIM for source in sources):
        return _cim(sources, names)
    findings: list[Finding] = []
    sheets: list[Sheet] = []
    for source in sources:
        try:
            sheets += _sheets(source)
        except Unreadable as refused:
            place = f"{source.name}:{refused.details.get('place') or ''}".rstrip(":")
            findings.append(Finding("error", "unreadable", place, "", {"message": str(refused)}))
    if findings:
        return Read(GivenGrid("wide", names), findings)
    return _plain(sheets, names, prefix) or _wide(sheets, names)


def _cim(sources: Sequence[Source], names: list[str]) -> Read:
    model = parsing.Model()
    findings: list[Finding] = []
    for source in sources:
        findings += parsing.parse(source.path, source.name, model)
    if findings:
        return Read(GivenGrid("cim", names), findings)
    return Read(*translating.translate(model, names))


def _plain(sheets: list[Sheet], names: list[str], prefix: str) -> Read | None:
    """The two tables of the plain form, by their headers."""
    nodes = [sheet for sheet in sheets if set(sheet.header) >= plain.NODES]
    edges = [sheet for sheet in sheets if set(sheet.header) >= plain.EDGES]
    if not nodes or not edges or len(nodes) + len(edges) != len(sheets):
        return None
    rows = [[row for sheet in part for row in sheet.rows] for part in (nodes, edges)]
    found = [finding for sheet in sheets for finding in sheet.findings]
    return Read(plain.read(rows[0], rows[1], names, prefix=prefix), found)


def _wide(sheets: list[Sheet], names: list[str]) -> Read:
    grid, findings = GivenGrid("wide", names), []
    for sheet in sheets:
        entry = wide.sheet(sheet.name)
        if entry is None:
            findings.append(Finding("error", "unknown_sheet", sheet.file, sheet.name))
            continue
        ours = wide.columns(sheet.header)
        findings += wide.check_header(entry, ours, sheet.header_place) + sheet.findings
        for place, row in sheet.rows:
            named = {name: row[given] for name, given in zip(ours, sheet.header, strict=True) if name}
            wide.add(grid, entry, place, named)
    return Read(grid, findings)


def _sheets(source: Source) -> Iterator[Sheet]:
    with source.path.open("rb") as stream:
        workbook = stream.read(4) == _ZIP
    if not workbook:
        stem = Path(source.name).stem
        yield _sheet(open_table(source.path, Layout()), stem, source.name, source.name)
        return
    for name in sheet_names(source.path):
        table = open_table(source.path, Layout(sheet=name))
        found = _sheet(table, name, source.name, f"{source.name}!{name}")
        if found.header:
            yield found


def _sheet(table: Any, name: str, file: str, place: str) -> Sheet:
    """The first row that is not empty is the header."""
    header: list[str] = []
    header_place = place
    rows: list[tuple[str, dict[str, str]]] = []
    findings: list[Finding] = []
    for row in table.rows():
        if row.empty:
            continue
        if not header:
            header, header_place = [_text(value) for value in row.values], f"{place}:{row.line}"
            continue
        if len(rows) >= BOUNDS.rows:
            raise Unreadable(f"{place}: {BOUNDS.rows}", reason="rows")
        where = f"{place}:{row.line}"
        findings += _troubles(row, where)
        cells = [_text(value) for value in row.values[: len(header)]]
        cells += [""] * (len(header) - len(cells))
        rows.append((where, dict(zip(header, cells, strict=True))))
    return Sheet(name, file, header, header_place, rows, findings)


def _troubles(row: Row, where: str) -> list[Finding]:
    bad = [value for value in row.values if isinstance(value, Trouble)]
    return [Finding("error", "bad_cell", where, "", {"value": value.shown[:80]}) for value in bad]


def _text(value: Any) -> str:
    """A cell as text: numbers without needless digits, dates as ISO writes them."""
    if value is None or isinstance(value, Trouble):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value).strip()
