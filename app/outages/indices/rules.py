"""The rules of `rules.yaml` (or of `outage_indices.yaml` in the instance folder), checked when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings
from app.kernel.i18n import localized

FILE = Path(__file__).with_name("rules.yaml")
HOUSEHOLDS, TEN_KV = "households", "dlt836"
BASES = (HOUSEHOLDS, TEN_KV)


@dataclass(frozen=True, slots=True)
class Rules:
    """`momentary` is the longest a short interruption lasts, in minutes, by basis; `sources`: Chinese, English."""

    momentary: Mapping[str, float]
    cemi_n: int
    cemi_more_than: bool
    years: int
    betas: float
    not_counted: frozenset[str]
    external_causes: frozenset[str]
    shortage_natures: frozenset[str]
    shortage_causes: frozenset[str]
    sources: Mapping[str, tuple[str, str]]

    def source(self, name: str) -> str:
        """Where a rule (or the basis of this name) is from, in the reader's language."""
        return localized(*self.sources[name])

    def external(self, cause: str) -> bool:
        """Whether what has this cause came from outside."""
        return cause in self.external_causes

    def shortage(self, nature: str, cause: str) -> bool:
        """Whether supply was short."""
        return nature in self.shortage_natures or cause in self.shortage_causes


def rules() -> Rules:
    """The rules in force here."""
    own = settings.current().instance / "outage_indices.yaml"
    return _read(own if own.exists() else FILE)


@lru_cache(maxsize=4)
def _read(path: Path) -> Rules:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    bases, parts = content["bases"], ("cemi", "major_event_days", "not_counted", "external", "shortage")
    found = Rules(
        momentary={basis: float(bases[basis]["momentary_minutes"]) for basis in BASES},
        cemi_n=int(content["cemi"]["n"]),
        cemi_more_than=bool(content["cemi"]["more_than"]),
        years=int(content["major_event_days"]["years"]),
        betas=float(content["major_event_days"]["betas"]),
        not_counted=frozenset(content["not_counted"]["natures"]),
        external_causes=frozenset(content["external"]["causes"]),
        shortage_natures=frozenset(content["shortage"]["natures"]),
        shortage_causes=frozenset(content["shortage"]["causes"]),
        sources={basis: _pair(bases[basis]["source"]) for basis in BASES}
        | {part: _pair(content[part]["source"]) for part in parts},
    )
    if min(found.momentary.values()) < 0 or found.cemi_n < 1 or found.years < 1:
        raise ValueError(f"{path}: limits are not below zero, n and years at least one")
    return found


def _pair(source: list[str]) -> tuple[str, str]:
    chinese, english = source
    return str(chinese), str(english)
