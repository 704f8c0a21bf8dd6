"""The words of a code list with what people write for them: names in both languages, and `synonyms.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from app.customers.queries.codes import codes


def from_list(kind: str) -> Callable[[], Mapping[str, Sequence[str]]]:
    """A field's `choices`: the codes of one list (`customers/standard.yaml`), read when an import begins."""

    def choices() -> Mapping[str, Sequence[str]]:
        spoken = _synonyms().get(kind, {})
        return {row.code: (row.name, row.name_en, *map(str, spoken.get(row.code, ()))) for row in codes(kind)}

    return choices


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    text = (Path(__file__).parents[1] / "synonyms.yaml").read_text(encoding="utf-8")
    words: dict[str, dict[str, list[str]]] = yaml.safe_load(text)["words"]
    return words
