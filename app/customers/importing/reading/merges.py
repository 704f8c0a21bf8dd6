"""Merged areas of a sheet: what stands in the first cell is meant for all its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading.archive import Archive
from app.customers.importing.reading.rows import Unreadable, column_index, too_many

_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Merge:
    """An area from (top, left) to (bottom, right), both included; rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


def read_merges(archive: Archive, part: str) -> list[Merge]:
    """The merged areas by their first row. They stand behind the rows in the file, hence a pass of its own."""
    found = []
    for _event, element in archive.elements(part, "row", "mergeCell"):
        if reference := element.get("ref"):
            found.append(_parse(reference))
            if len(found) > BOUNDS.rows:
                raise too_many("rows", BOUNDS.rows)
        else:
            _drop(element)
    return sorted(found, key=lambda merge: (merge.top, merge.left))


def _parse(reference: str) -> Merge:
    match = _AREA.fullmatch(reference)
    if match is None:
        raise Unreadable(reference, reason="broken")
    left, top, right, bottom = match.groups()
    return Merge(int(top), column_index(left), int(bottom), column_index(right))


def _drop(row: Any) -> None:
    row.clear(keep_tail=False)
    while row.getprevious() is not None:
        del row.getparent()[0]
