"""Search in Chinese text: `words` turns text into index words, `index` keeps them and answers queries.

Invariant: both databases are given the same words and therefore give the same answers.
"""

from __future__ import annotations

from app.kernel.search.index import SearchIndex
from app.kernel.search.words import bigrams

__all__ = ["SearchIndex", "bigrams"]
