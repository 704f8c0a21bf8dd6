"""Delimited text: encoding and separator found or given, records streamed with the line they begin on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TextIO

from flask_babel import lazy_gettext as _l

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading import encodings
from app.customers.importing.reading.layout import DELIMITERS, Layout
from app.customers.importing.reading.rows import Row, Unreadable, too_many

SAMPLE = 60
_DIRECTIVE = "sep="


class DelimitedTable:
    """A CSV file and its kin. Reading again begins at the beginning."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path = path
        self._encoding = encodings.chosen(path, layout.encoding) if layout.encoding else encodings.detect(path)
        self._directive = self._excel_directive()
        self._delimiter = layout.delimiter or self._directive or self._sniff()
        self.described: Mapping[str, str] = {"encoding": self._encoding, "delimiter": self._delimiter}

    def rows(self) -> Iterator[Row]:
        """Records in order; a text that cannot be read further raises `Unreadable` with the line."""
        reader, line = None, 0
        try:
            with self._open() as stream:
                reader = csv.reader(stream, delimiter=self._delimiter, strict=True)
                for count, record in enumerate(reader):
                    begun, line = line + 1, reader.line_num
                    if begun == 1 and self._directive:
                        continue
                    if count > BOUNDS.rows + BOUNDS.header_search:
                        raise too_many("rows", BOUNDS.rows, place=str(begun))
                    if len(record) > BOUNDS.columns:
                        raise too_many("columns", BOUNDS.columns, place=str(begun))
                    yield Row(begun, record)
        except csv.Error as exc:
            raise _broken(line + 1, exc) from exc
        except UnicodeError as exc:
            where = (reader.line_num if reader else line) + 1
            message = _l(
                "From line %(line)s on the text is not %(encoding)s. Choose another encoding.",
                line=where,
                encoding=self._encoding.upper(),
            )
            raise Unreadable(message, reason="encoding", place=str(where)) from exc

    def place(self, line: int, column: int | None) -> str:
        """`12:3` for the third column of the record that begins on line 12."""
        return f"{line}" if column is None else f"{line}:{column + 1}"

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _head(self) -> list[str]:
        try:
            with self._open() as stream:
                return [line for line in (stream.readline(100_000) for _ in range(SAMPLE)) if line.strip()]
        except UnicodeError:
            return []  # `rows` says where the text breaks

    def _excel_directive(self) -> str:
        """`sep=;` in the first line is Excel's own word for the separator."""
        first = next(iter(self._head()), "").strip().strip('"')
        delimiter = first[len(_DIRECTIVE) :]
        return delimiter if first.lower().startswith(_DIRECTIVE) and len(delimiter) == 1 else ""

    def _sniff(self) -> str:
        """The separator that divides most lines into the same number of columns, more than one."""
        head = self._head()
        scores = {delimiter: _score(head, delimiter) for delimiter in DELIMITERS}
        best = max(scores, key=lambda delimiter: scores[delimiter])
        return best if scores[best] > (0, 0) else ","


def _score(lines: list[str], delimiter: str) -> tuple[int, int]:
    """(lines of the commonest width, that width); (0, 0) where nothing is divided."""
    try:
        records = list(islice(csv.reader(lines, delimiter=delimiter), SAMPLE))
    except csv.Error:
        return 0, 0
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _broken(line: int, exc: csv.Error) -> Unreadable:
    if "field limit" in str(exc) or "end of data" in str(exc):
        message = _l("In the record that begins on line %(line)s a quotation mark is not closed.", line=line)
    else:
        message = _l("The record that begins on line %(line)s has a quotation mark in the wrong place.", line=line)
    return Unreadable(message, reason="quoting", place=str(line))
