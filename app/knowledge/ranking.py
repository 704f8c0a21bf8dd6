"""How well an article answers a question: BM25F over Chinese bigrams, the same on both databases.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009): a
term's occurrences in the fields are added with the field's weight and normalised by length,
then saturate. What belongs to the article is computed when it is published (`weights`);
what belongs to the collection (how rare a term is) when it is asked (`rarity`). Field weights and
the words that say nothing are data: `ranking.yaml`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel.search.words import bigrams, is_han, runs

MOST_TERMS = 40
"""Of a longer query the first terms count: a question, not a letter."""

LONGEST = 32


@cache
def rules() -> Mapping[str, Any]:
    """The numbers and words of `ranking.yaml`."""
    read: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "ranking.yaml").read_text(encoding="utf-8"))
    return read


def terms(text: str) -> list[str]:
    """The terms of a text, in order and with repetitions: pairs of Chinese characters, words, numbers."""
    silent = _silent()
    found: list[str] = []
    for run in runs(text):
        if is_han(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        else:
            found.append(run[:LONGEST])
    return [term for term in found if term not in silent]


def query_terms(text: str) -> list[str]:
    """What a question is looked up by, each once; all its words where every one of them says nothing."""
    wanted = list(dict.fromkeys(terms(text)))[:MOST_TERMS]
    return wanted or list(dict.fromkeys(bigrams(text).split()))[:MOST_TERMS]


def weights(fields: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """The article's part of the score by term; `fields` are texts by the name of their field."""
    given = rules()
    k1, b, usual = given["k1"], given["b"], given["usual_length"]
    counted: dict[str, float] = {}
    length = 0
    for name, boost in given["fields"].items():
        for text in fields.get(name, ()):
            found = terms(text)
            length += len(found)
            for term in found:
                counted[term] = counted.get(term, 0.0) + boost
    norm = 1 - b + b * length / usual
    return {term: round(count * (k1 + 1) / (count + k1 * norm), 6) for term, count in counted.items()}


def rarity(articles: int, having: int) -> float:
    """Inverse document frequency of a term that `having` of `articles` have; never negative."""
    return math.log(1 + (articles - having + 0.5) / (having + 0.5))


@cache
def _silent() -> frozenset[str]:
    """Pairs that occur inside the words that say nothing (怎么办: 怎么, 么办)."""
    return frozenset(
        pair
        for word in rules()["silent"]
        for run in runs(word)
        for pair in ([run[i : i + 2] for i in range(len(run) - 1)] or [run] if is_han(run) else [run])
    )
