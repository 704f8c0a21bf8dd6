"""One table of keys and words for each kind of thing that is searched.

The table `search_<name>` is the same on both databases. SQLite gives it an FTS5 index
that triggers keep in step, PostgreSQL a GIN index over `to_tsvector('simple', words)`;
both are made right after the table, whether metadata or a migration makes it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from app.kernel.db import Base, is_sqlite, session
from app.kernel.search.words import bigrams, is_han, pairs, runs

MAX_QUERY_RUNS = 12

_FTS = (
    "CREATE VIRTUAL TABLE {t}_fts USING fts5"
    "(words, content='{t}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    """CREATE TRIGGER {t}_added AFTER INSERT ON {t} BEGIN
    INSERT INTO {t}_fts(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER {t}_removed AFTER DELETE ON {t} BEGIN
    INSERT INTO {t}_fts({t}_fts, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER {t}_changed AFTER UPDATE ON {t} BEGIN
    INSERT INTO {t}_fts({t}_fts, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO {t}_fts(rowid, words) VALUES (new.id, new.words); END""",
)
_GIN = "CREATE INDEX {t}_gin ON {t} USING gin (to_tsvector('simple', words))"

_tables: set[str] = set()


class SearchIndex:
    """The searchable text of one kind of thing, by its key (an integer or text id).

    Declare it once, in the package's `models.py`: `order_search = SearchIndex("order", sa.Integer())`.
    """

    def __init__(self, name: str, key_type: Any) -> None:
        self.table = sa.Table(
            f"search_{name}",
            Base.metadata,
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
            sa.Column("key", key_type, nullable=False, unique=True),
            sa.Column("words", sa.Text(), nullable=False),
        )
        _tables.add(self.table.name)

    def put(self, key: Any, text: str) -> None:
        """Make `key` findable by `text`, instead of by what was put before; in the caller's transaction."""
        insert = (sqlite if is_sqlite() else postgresql).insert(self.table)
        statement = insert.values(key=key, words=bigrams(text))
        changed = statement.excluded.words
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["key"], set_={"words": changed}, where=self.table.c.words != changed
            )
        )

    def drop(self, key: Any) -> None:
        """Make `key` unfindable."""
        session.execute(sa.delete(self.table).where(self.table.c.key == key))

    def pause(self) -> None:
        """Drop the index of words before very many rows are loaded, until `resume` (PostgreSQL; elsewhere nothing)."""
        if not is_sqlite():
            session.connection().exec_driver_sql(f"DROP INDEX IF EXISTS {self.table.name}_gin")

    def resume(self) -> None:
        """Make the index of words again, in a fraction of the time that single rows would have taken."""
        if not is_sqlite():
            session.connection().exec_driver_sql(_GIN.replace("INDEX", "INDEX IF NOT EXISTS").format(t=self.table.name))

    def match(self, query: str) -> sa.Select[Any]:
        """A select of the keys whose text has every word of `query`; of none where it has no word.

        Use it as `select(Order).where(Order.id.in_(index.match(query)))`. Chinese is found by any
        part, other words by their beginning, numbers by any four digits.
        """
        words = runs(query)[:MAX_QUERY_RUNS]
        keys = sa.select(self.table.c.key)
        if not words:
            return keys.where(sa.false())
        if is_sqlite():
            name = f"{self.table.name}_fts"
            fts = sa.table(name, sa.column("rowid"))
            # FTS5 takes the table's own name as the left side of MATCH
            found = sa.select(fts.c.rowid).where(sa.literal_column(name).op("MATCH")(_fts_query(words)))
            return keys.where(self.table.c.id.in_(found))
        vector = sa.func.to_tsvector(sa.literal_column("'simple'"), self.table.c.words)
        return keys.where(vector.op("@@")(sa.cast(_ts_query(words), postgresql.TSQUERY)))


def _fts_query(words: list[str]) -> str:
    """FTS5: `"停电 电报"` is a phrase, `"abc"*` a beginning; both only ever hold letters and digits."""
    return " AND ".join(f'"{" ".join(pairs(word))}"' if _is_phrase(word) else f'"{word}"*' for word in words)


def _ts_query(words: list[str]) -> str:
    """tsquery: the same conditions as `_fts_query`."""
    return " & ".join(
        "(" + " <-> ".join(f"'{pair}'" for pair in pairs(word)) + ")" if _is_phrase(word) else f"'{word}':*"
        for word in words
    )


def _is_phrase(word: str) -> bool:
    return is_han(word) and len(word) > 1


def _add_index(target: sa.Table, connection: Connection, **_: Any) -> None:
    if target.name not in _tables:
        return
    statements = _FTS if connection.dialect.name == "sqlite" else (_GIN,)
    for statement in statements:
        connection.exec_driver_sql(statement.format(t=target.name))


def _drop_index(target: sa.Table, connection: Connection, **_: Any) -> None:
    """The FTS5 table is no part of the table it indexes, so SQLite would leave it behind."""
    if target.name in _tables and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {target.name}_fts")


event.listen(sa.Table, "after_create", _add_index)
event.listen(sa.Table, "before_drop", _drop_index)
