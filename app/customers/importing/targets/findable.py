"""Making many customers findable by name and address with one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.customers import search
from app.kernel.db import is_sqlite, write
from app.kernel.search import bigrams


def put_many(texts: Mapping[int, tuple[str, str, str]]) -> None:
    """Customer id -> (name, address, unit's code): found by these from now on."""
    if texts:
        rows = [{"key": key, "words": bigrams(search.search_text(*text))} for key, text in texts.items()]
        write(_UPSERT["sqlite" if is_sqlite() else "postgresql"], rows)


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(search.index.table)
    return statement.on_conflict_do_update(index_elements=["key"], set_={"words": statement.excluded.words})


_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
