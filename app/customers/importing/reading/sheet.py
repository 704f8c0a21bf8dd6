"""The rows of one sheet, streamed: each is read, given out and forgotten."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.reading.archive import Archive, local
from app.customers.importing.reading.merges import Merge
from app.customers.importing.reading.rows import Row, Trouble, Unreadable, Value, column_index, too_many

_CELL = re.compile(r"([A-Z]{1,3})\d{1,7}")
EXACT = 15
"""Excel keeps 15 digits of a number; longer ones end in zeros that nobody wrote."""


class SheetReader:
    """Turns the XML of a sheet into rows."""

    def __init__(
        self,
        *,
        strings: Sequence[str],
        dates: Collection[int],
        merges: Sequence[Merge],
        from_1904: bool,
        formulas: str,
    ) -> None:
        self._strings = strings
        self._dates = dates
        self._waiting = list(reversed(merges))
        self._open: dict[Merge, Value] = {}
        self._epoch = MAC_EPOCH if from_1904 else WINDOWS_EPOCH
        self._formulas = formulas

    def rows(self, archive: Archive, part: str) -> Iterator[Row]:
        """Rows that the file holds, in order; those it leaves out are empty and are not given."""
        line = 0
        for count, (_event, element) in enumerate(archive.elements(part, "row")):
            line = int(element.get("r") or line + 1)
            if count > BOUNDS.rows + BOUNDS.header_search:
                raise too_many("rows", BOUNDS.rows, place=str(line))
            values = self._values(element, line)
            hidden = element.get("hidden") in {"1", "true"}
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]
            yield Row(line, values, hidden)

    def _values(self, element: Any, line: int) -> list[Value]:
        values: list[Value] = []
        for cell in element:
            if local(cell) != "c":
                continue
            place = self._column(cell, len(values))
            if place >= BOUNDS.columns + 1000:
                raise too_many("columns", BOUNDS.columns, place=str(line))
            value = self._value(cell)
            if value is None and place >= len(values):
                continue  # formatting without a value reaches to the sheet's end
            values.extend([None] * (place + 1 - len(values)))
            values[place] = value
        if len(values) > BOUNDS.columns:
            raise too_many("columns", BOUNDS.columns, place=str(line))
        if self._waiting or self._open:
            self._merge(values, line)
        return values

    @staticmethod
    def _column(cell: Any, following: int) -> int:
        match = _CELL.fullmatch(cell.get("r") or "")
        return column_index(match[1]) if match else following

    def _value(self, cell: Any) -> Value:
        kind, formula, raw = cell.get("t", "n"), None, None
        for part in cell:
            name = local(part)
            if name == "v":
                raw = part.text
            elif name == "f":
                formula = part.text or ""
            elif name == "is":
                kind, raw = "inlineStr", "".join(node.text or "" for node in part.iter() if local(node) == "t")
        if formula is not None and (self._formulas == "refuse" or raw is None):
            return Trouble("formula", shown=f"={formula}"[:200])
        return self._plain(kind, raw, cell.get("s"))

    def _plain(self, kind: str, raw: str | None, style: str | None) -> Value:
        if raw is None or kind in {"str", "inlineStr", "d"}:
            return raw
        if kind == "s":
            return self._shared(raw)
        if kind == "b":
            return raw.strip() == "1"
        return Trouble("cell_error", shown=raw) if kind == "e" else self._number(raw, style)

    def _shared(self, raw: str) -> str:
        try:
            return self._strings[int(raw)]
        except (ValueError, IndexError):
            raise Unreadable(raw, reason="broken") from None

    def _number(self, raw: str, style: str | None) -> Value:
        try:
            number = Decimal(raw.strip())
        except InvalidOperation:
            return Trouble("cell_error", shown=raw)
        if not number.is_finite() or abs(number.adjusted()) > 300:
            return Trouble("cell_error", shown=raw)
        if style is not None and style.isdigit() and int(style) in self._dates:
            return self._day(number)
        if number == number.to_integral_value() and number.adjusted() >= EXACT:
            return Trouble("lost_digits", shown=f"{number:f}")
        rounded = number.normalize() if len(number.as_tuple().digits) <= EXACT else round_significant(number)
        return rounded

    def _day(self, number: Decimal) -> Value:
        try:
            moment = from_excel(float(number), self._epoch)
        except (ValueError, OverflowError):
            return Trouble("cell_error", shown=str(number))
        return moment if hasattr(moment, "year") else Trouble("no_date", shown=str(moment))

    def _merge(self, values: list[Value], line: int) -> None:
        while self._waiting and self._waiting[-1].top <= line:
            merge = self._waiting.pop()
            self._open[merge] = values[merge.left] if merge.left < len(values) else None
        for merge, value in list(self._open.items()):
            if line > merge.bottom:
                del self._open[merge]
                continue
            self._spread(values, merge, value)

    @staticmethod
    def _spread(values: list[Value], merge: Merge, value: Value) -> None:
        if value is None:
            return
        right = min(merge.right, BOUNDS.columns - 1)
        values.extend([None] * (right + 1 - len(values)))
        values[merge.left] = value
        for column in range(merge.left + 1, right + 1):
            values[column] = Trouble("merged", shown=str(value))


def round_significant(number: Decimal) -> Decimal:
    """The number Excel shows: binary fractions such as 0.30000000000000004 are cut to 15 digits."""
    return Decimal(f"{number:.{EXACT - 1}e}").normalize()
