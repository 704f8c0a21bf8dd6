"""Free text over customers: name and address, in Chinese by any two neighbouring characters.

Numbers (户号, 表号, phones) have indexes of their own, by beginning and by end, which are
smaller and faster than words. Addresses stand as their key, so that every way of writing one finds it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.customers import addresses
from app.kernel.db import is_sqlite
from app.kernel.search import SearchIndex
from app.kernel.search.index import MAX_QUERY_RUNS
from app.kernel.search.words import is_han, pairs, runs

index = SearchIndex("customer", sa.Integer())

TELLING = 6
"""So many last pairs of a long run of characters are asked for: an address begins with what most others begin with."""


def search_text(name: str, address: str, unit_code: str) -> str:
    """What a customer is found by as free text; a word for the unit lets the index itself keep to some units."""
    return f"{name} {addresses.key(address)} {unit_word(unit_code)}"


def unit_word(code: str) -> str:
    """The word that stands for a unit in the index. Codes never change, unlike the paths of units."""
    return "unit" + re.sub(r"[^0-9a-z]", "", code.lower())


def words_in(text: str) -> list[str]:
    """The words of a question that the index can answer; none where they would mean most of all customers.

    A single Chinese character or a single digit is no word by itself.
    """
    words = [word for word in runs(text) if not (is_han(word) and len(word) == 1)][:MAX_QUERY_RUNS]
    return words if any(is_han(word) or len(word) > 1 for word in words) else []


def ids_with(words: Sequence[str], units: Sequence[str] | None, limit: int) -> sa.Select[tuple[int]]:
    """A select of at most `limit` ids of customers with all these words, in the units of these codes (None: all).

    Unlike `SearchIndex.match`, digits are whole numbers (`3` is building 3, not 30 or 301), and on PostgreSQL the
    pairs of characters need not be neighbours, which the index answers without looking at rows: whoever asks
    looks at the few that come back (`fits`).
    """
    table = index.table
    if is_sqlite():
        fts = sa.table(f"{table.name}_fts", sa.column("rowid"))
        found = sa.select(fts.c.rowid).where(sa.literal_column(fts.name).op("MATCH")(_fts(words, units)))
        return sa.select(table.c.key).where(table.c.id.in_(found)).limit(limit)
    vector = sa.func.to_tsvector(sa.literal_column("'simple'"), table.c.words)
    query = sa.cast(_tsquery(words, units), postgresql.TSQUERY)
    return sa.select(table.c.key).where(vector.op("@@")(query)).limit(limit)


def fits(words: Sequence[str], name: str, address: str) -> bool:
    """Whether the Chinese words stand together in the name or the address."""
    wanted = [word for word in words if is_han(word)]
    if all(word in name or word in address for word in wanted):
        return True
    text = " ".join(runs(f"{name} {address} {addresses.key(address)}"))
    return all(word in text for word in wanted)


def _fts(words: Sequence[str], units: Sequence[str] | None) -> str:
    phrases = [f'"{" ".join(pairs(word))}"' if is_han(word) else f'"{word}"' for word in words]
    if units is not None:
        phrases.append("(" + " OR ".join(f'"{unit_word(code)}"' for code in units) + ")")
    return " AND ".join(phrases)


def _tsquery(words: Sequence[str], units: Sequence[str] | None) -> str:
    lexemes = [f"'{pair}'" for word in words for pair in (pairs(word)[-TELLING:] if is_han(word) else [word])]
    if units is not None:
        lexemes.append("(" + " | ".join(f"'{unit_word(code)}'" for code in units) + ")")
    return " & ".join(lexemes)
