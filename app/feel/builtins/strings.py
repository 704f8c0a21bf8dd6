"""Functions of texts; positions count from 1, or from the end by -1, in characters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.feel.builtins import patterns
from app.feel.builtins.signature import builtin
from app.feel.limits import charge
from app.feel.values.numbers import to_int


@builtin("substring", "string: string, start position: number, length?: number")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    index = to_int(start)
    size = len(string) if length is None else to_int(length)
    if not index or size is None or size < 1:
        return None
    if abs(index) > len(string):
        return "" if index > 0 else string[:size]
    first = index - 1 if index > 0 else len(string) + index
    return string[first : first + size]


@builtin("string length", "string: string")
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string")
def upper_case(string: str) -> str:
    return string.upper()


@builtin("lower case", "string: string")
def lower_case(string: str) -> str:
    return string.lower()


@builtin("substring before", "string: string, match: string")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(string: str, match: str) -> str:
    if not match:
        return string
    return string.partition(match)[2]


@builtin("contains", "string: string, match: string")
def contains(string: str, match: str) -> bool:
    return match in string


@builtin("starts with", "string: string, match: string")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string")
def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether the pattern is found anywhere in the text."""
    return patterns.search(text, pattern, flags or "")


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Every match replaced; `$1` stands for the first group."""
    return patterns.substitute(text, pattern, replacement, flags or "")


@builtin("split", "string: string, delimiter: string")
def split(string: str, delimiter: str) -> list[str] | None:
    return patterns.split(string, delimiter)


@builtin("string join", "list: list, delimiter?: string")
def string_join(texts: list[Any], delimiter: str | None = None) -> str | None:
    """Null elements are left out."""
    parts = [text for text in texts if text is not None]
    if not all(isinstance(text, str) for text in parts):
        return None
    charge(sum(len(text) for text in parts) + len(delimiter or "") * len(parts))
    return (delimiter or "").join(parts)
