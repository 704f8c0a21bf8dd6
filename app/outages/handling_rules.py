"""Quantities of handling that are no decision tables (`handling.yaml`), checked when read.

A file `outage_handling.yaml` in the instance folder goes before the one that comes with Lightline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings

HERE = Path(__file__).parent


class BadRules(ValueError):
    """The file of this installation does not fit."""


@dataclass(frozen=True, slots=True)
class EtrRules:
    """How the rule's estimate is made: see `handling.yaml`."""

    least: int
    most: int
    days: int
    round_to: int
    farthest: int


@dataclass(frozen=True, slots=True)
class TellingRules:
    """How customers are told: how many a batch, until how many days later, by how many ways one after the other."""

    batch: int
    late_after_days: int
    ways: int


def etr_rules() -> EtrRules:
    """The rules of estimates in force."""
    return EtrRules(**_whole("etr", ("least", "most", "days", "round_to", "farthest")))


def telling_rules() -> TellingRules:
    """The rules of telling in force."""
    return TellingRules(**_whole("telling", ("batch", "late_after_days", "ways")))


def _whole(part: str, names: tuple[str, ...]) -> dict[str, int]:
    own = settings.current().instance / "outage_handling.yaml"
    path = own if own.exists() else HERE / "handling.yaml"
    found = _read(path, path.stat().st_mtime_ns).get(part) or {}
    if set(found) != set(names) or any(not isinstance(value, int) or value < 1 for value in found.values()):
        raise BadRules(f"{path.name}: {part} needs whole numbers {', '.join(names)}")
    return dict(found)


@lru_cache(maxsize=4)
def _read(path: Path, _mtime: int) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8")) or {})
