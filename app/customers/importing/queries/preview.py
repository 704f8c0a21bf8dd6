"""The first rows of a file as a profile would read them, and what its headers propose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from app.customers.importing import reasons
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.profiles import Column, Content, find_header, open_plan, propose
from app.customers.importing.profiles.headers import headers_of
from app.customers.importing.reading import Layout, open_table
from app.customers.importing.targets import Record, Target
from app.customers.importing.targets.changes import text
from app.kernel import files
from app.kernel.errors import LightlineError
from app.kernel.i18n import current_locale


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as read: by field its value as text, and why it was not taken."""

    line: int
    values: dict[str, str]
    problems: dict[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """`headers` of the file, what was found out about it, the first rows; `error` where it cannot be read so."""

    headers: list[str] = field(default_factory=list)
    described: dict[str, Any] = field(default_factory=dict)
    header_line: int = 0
    rows: list[PreviewRow] = field(default_factory=list)
    error: str = ""


def preview(file_id: int, target: Target, content: Content) -> Preview:
    """Read the first rows of a stored file; never raises for what the file or the profile lack."""
    try:
        table = open_table(files.open_file(file_id).path, content.layout)
        header = find_header(table, target, header_row=content.layout.header_row)
        headers = headers_of(header) if header else []
    except LightlineError as refused:
        return Preview(error=str(refused))
    line = header.line if header else 0
    try:
        plan = open_plan(table, target, content)
        names = _names(target)
        rows = [_row(plan.record(row), names) for row in islice(plan.rows(), BOUNDS.preview)]
    except LightlineError as refused:
        return Preview(headers, dict(table.described), line, error=str(refused))
    return Preview(plan.headers, dict(table.described), line, rows)


def proposals(file_id: int, target: Target, layout: Layout) -> tuple[Column, ...]:
    """What the file's headers propose; nothing for a file that cannot be read."""
    try:
        table = open_table(files.open_file(file_id).path, layout)
        header = find_header(table, target, header_row=layout.header_row)
    except LightlineError:
        return ()
    return tuple(propose(header, target)) if header else ()


def _row(record: Record, names: Mapping[str, Mapping[str, str]]) -> PreviewRow:
    values = {name: names.get(name, {}).get(value) or _shown(value) for name, value in record.values.items()}
    problems = {one.field: reasons.text_of(one.code, one.params, one.shown) for one in record.problems}
    return PreviewRow(record.line, values, problems)


def _names(target: Target) -> dict[str, dict[str, str]]:
    """Field -> code -> what people call it, for fields of a list."""
    place = 0 if current_locale() == "zh" else 1
    return {
        one.name: {code: spoken[place] for code, spoken in one.choices().items() if len(spoken) > place}
        for one in target.fields
        if one.kind == "choice" and one.choices
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return text(value)
