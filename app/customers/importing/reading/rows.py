"""What every reader gives: rows of plain values with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid


class Unreadable(Invalid):
    """The file as a whole cannot be read: `details["reason"]`, `details["place"]` where there is one."""

    code = "import_unreadable"

    def __init__(self, message: Any, *, reason: str, place: str = "") -> None:
        super().__init__(message, reason=reason, place=place)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell that holds no usable value; `code` is a reason of `importing.reasons`, `shown` what stands there."""

    code: str
    shown: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.shown


Value: TypeAlias = str | Decimal | date | datetime | bool | Trouble | None


@dataclass(slots=True)
class Row:
    """One row: `line` is the row of a sheet, or the line of a text file on which the record begins."""

    line: int
    values: Sequence[Value]
    hidden: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing but blanks stands in it."""
        return all(value is None or (isinstance(value, str) and not value.strip()) for value in self.values)


class Table(Protocol):
    """An open table. `described` tells how it was understood (`encoding`, `delimiter`, `sheet`)."""

    described: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        """All rows in order, empty ones too; raises `Unreadable` where reading cannot go on."""

    def place(self, line: int, column: int | None) -> str:
        """A cell's name as the file's reader knows it: `C12`, or line and column."""


def column_name(index: int) -> str:
    """The letters of a column counted from 0: `A`, `Z`, `AA`."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(letters: str) -> int:
    """The column counted from 0 of its letters; raises ValueError for what are none."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        raise ValueError(f"{letters!r} names no column")
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def too_many(what: str, limit: int, *, place: str = "") -> Unreadable:
    """The refusal of a file beyond a bound."""
    messages = {
        "rows": _l("The file has more than %(limit)s rows. Divide it into several files.", limit=f"{limit:,}"),
        "columns": _l("The file has more than %(limit)s columns. Remove those that are not needed.", limit=limit),
        "size": _l("The file is larger than %(limit)s MB. Divide it into several files.", limit=limit // 1024**2),
    }
    return Unreadable(messages[what], reason=what, place=place)
