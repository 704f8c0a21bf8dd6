"""Code lists (代码表): words in Chinese and English that a package keeps as data, in a table of its own.

A package subclasses `Code` for its table, fills it with `sync` from a YAML file and asks by `words`, `word` and
`every_word`. The file maps a list to its words: `kind: {code: [Chinese, English]}`, or
`code: {zh: …, en: …, any fact: …}` where rules need to know more about a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, session


class Code(Base):
    """One word of a list; `facts` holds what rules need to know about it (a pattern, a bound …)."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


@dataclass(frozen=True, slots=True)
class CodeView:
    """A word of a list: `name` Chinese, `name_en` English, `facts` for rules."""

    kind: str
    code: str
    name: str
    name_en: str
    facts: Mapping[str, Any]


def words(table: type[Code], kind: str, *, inactive: bool = False) -> list[CodeView]:
    """The words of one list in their order, those in use unless `inactive`."""
    query = sa.select(table).where(table.kind == kind).order_by(table.position, table.id)
    if not inactive:
        query = query.where(table.active)
    return [_view(row) for row in session.scalars(query)]


def word(table: type[Code], kind: str, code: str) -> CodeView | None:
    """One word, whether still in use or not; None where the list does not know it."""
    row = session.scalar(sa.select(table).where(table.kind == kind, table.code == code))
    return _view(row) if row else None


def every_word(table: type[Code]) -> dict[tuple[str, str], CodeView]:
    """Every word by (kind, code), in the order of the lists: one look-up for batches and pages that show many."""
    rows = session.scalars(sa.select(table).order_by(table.kind, table.position))
    return {(row.kind, row.code): _view(row) for row in rows}


def sync(table: type[Code], path: Path) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone from it become inactive."""
    known = {(row.kind, row.code): row for row in session.scalars(sa.select(table))}
    wanted = _read(path)
    changed = sum(_put(table, known.get(key), key, values) for key, values in wanted.items())
    for key, row in known.items():
        if key not in wanted and row.active:
            row.active = False
            changed += 1
    return changed


def _read(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        (kind, code): _values(entry, position)
        for kind, codes in lists.items()
        for position, (code, entry) in enumerate(codes.items())
    }


def _values(entry: Any, position: int) -> dict[str, Any]:
    facts = dict(entry) if isinstance(entry, dict) else {"zh": entry[0], "en": entry[1]}
    return {"name": facts.pop("zh"), "name_en": facts.pop("en"), "position": position, "facts": facts, "active": True}


def _put(table: type[Code], row: Code | None, key: tuple[str, str], values: dict[str, Any]) -> bool:
    if row is None:
        session.add(table(kind=key[0], code=key[1], **values))
        return True
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return before != values


def _view(row: Code) -> CodeView:
    return CodeView(row.kind, row.code, row.name, row.name_en, dict(row.facts))
