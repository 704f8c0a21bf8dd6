"""The header row: found among titles and empty lines, and what its words propose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import yaml

from app.customers.importing.bounds import BOUNDS
from app.customers.importing.profiles.content import Column
from app.customers.importing.reading import Row, Table, Trouble, Value
from app.customers.importing.targets import Field, Target
from app.customers.importing.values import fold, unit_in
from app.kernel.i18n import LOCALES, in_locale

_NOISE = re.compile(r"[\s*＊:：]+")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]|/[^/]*$")


def header_key(text: object) -> str:
    """A header as it is compared: folded, without blanks, stars and colons."""
    return _NOISE.sub("", fold(str(text))).casefold()


def find_header(table: Table, target: Target, *, header_row: int = 0) -> Row | None:
    """The header row: the one named, else the one with most headers we know; None for an empty table."""
    rows = islice(table.rows(), BOUNDS.header_search if not header_row else None)
    if header_row:
        return next((row for row in rows if row.line >= header_row), None)
    best, best_score = None, 0
    first_full = None
    for row in rows:
        if row.empty:
            continue
        score = len(_fields_of(row, target))
        if score > best_score:
            best, best_score = row, score
        texts = sum(isinstance(value, str) and bool(value.strip()) for value in row.values)
        if first_full is None and texts > 1 and texts == sum(value is not None for value in row.values):
            first_full = row
    return best or first_full


def headers_of(row: Row) -> list[str]:
    """The header texts by column; a merged header stands over its first column only."""
    return ["" if value is None or isinstance(value, Trouble) else " ".join(str(value).split()) for value in row.values]


def data_rows(table: Table, header: Row, *, hidden: bool = True) -> Iterator[Row]:
    """The rows below the header that hold anything; hidden ones only where they are wanted."""
    return (row for row in table.rows() if row.line > header.line and not row.empty and (hidden or not row.hidden))


def propose(header: Row, target: Target) -> list[Column]:
    """Which column is probably which field, by the words people use; units in headers are taken along."""
    found = _fields_of(header, target)
    names = headers_of(header)
    columns = []
    for field in target.fields:
        if field.name in found:
            name = names[found[field.name]]
            unit = unit_in(name, field.dimension) if field.dimension else ""
            columns.append(Column(field.name, header=name, unit=unit))
    return columns


def match_columns(headers: Sequence[str]) -> dict[str, int]:
    """Header key -> column; of two equal headers the first counts."""
    found: dict[str, int] = {}
    for index, text in enumerate(headers):
        if text:
            found.setdefault(header_key(text), index)
    return found


def _fields_of(row: Row, target: Target) -> dict[str, int]:
    """Field -> column, each column at most once; an exact word before one with a remark in brackets."""
    keys = [_keys(value) for value in row.values]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for level in (0, 1):
        for field in target.fields:
            if field.name in found:
                continue
            words = _words(target, field)
            for index, forms in enumerate(keys):
                if index not in taken and len(forms) > level and forms[level] in words:
                    found[field.name] = index
                    taken.add(index)
                    break
    return found


def _keys(value: Value) -> tuple[str, ...]:
    if not isinstance(value, str) or not value.strip() or len(value) > 60:
        return ()
    return header_key(value), header_key(_BRACKETS.sub("", fold(value)))


def _words(target: Target, field: Field) -> frozenset[str]:
    """Everything a header of this field may say."""
    return frozenset({header_key(field.name), *_titles(field), *map(header_key, field.synonyms)}) | _synonyms().get(
        f"{target.name}.{field.name}", frozenset()
    )


def _titles(field: Field) -> Iterator[str]:
    for locale in LOCALES:
        with in_locale(locale):
            yield header_key(field.title)


@cache
def _synonyms() -> Mapping[str, frozenset[str]]:
    text = (Path(__file__).parents[1] / "synonyms.yaml").read_text(encoding="utf-8")
    kept: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    kept.pop("words")  # what stands in cells: `targets.choices`
    return {
        f"{target}.{field}": frozenset(header_key(word) for word in words)
        for target, by_field in kept.items()
        for field, words in by_field.items()
    }
