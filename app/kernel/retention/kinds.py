"""The register of kinds: who defines which rows are over, and how they are removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.kernel.retention.plan import Plan

Remove = Callable[[Sequence[Any]], int]
"""Removes the rows of these keys in the caller's transaction; returns how many rows of the kind went."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`expired` selects the keys of rows that are over by a plan; `days` is the standard, None for ever.

    `basis` says where the standard comes from; `by_process` whether it may differ by process.
    """

    name: str
    title: str
    title_en: str
    basis: str
    basis_en: str
    days: Callable[[], int | None]
    by_process: bool
    expired: Callable[[Plan], sa.Select[Any]]
    remove: Remove
    batch: int
    along: list[Remove] = field(default_factory=list)


class UnknownKind(LookupError):
    """Nobody defines this kind."""


_kinds: dict[str, Kind] = {}
_along: dict[str, list[Remove]] = {}


def standard(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The `retention.yaml` of a package: by kind its titles, days, basis and order."""
    content: Mapping[str, Mapping[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def define(
    name: str,
    entry: Mapping[str, Any],
    *,
    expired: Callable[[Plan], sa.Select[Any]],
    remove: Remove,
    days: Callable[[], int | None] | None = None,
) -> None:
    """Register a kind as its package's `retention.yaml` describes it; `days` where a setting holds the standard."""
    _kinds[name] = Kind(
        name=name, title=entry["zh"], title_en=entry["en"], basis=entry["basis_zh"], basis_en=entry["basis_en"],
        days=days or (lambda: entry["days"]), by_process=bool(entry.get("by_process")), expired=expired,
        remove=remove, batch=entry["batch"], along=_along.setdefault(name, []),
    )  # fmt: skip


def along(name: str, remove: Remove) -> None:
    """Remove rows of another package with those of a kind: `remove` gets the kind's keys first. Safe to repeat."""
    removers = _along.setdefault(name, [])
    if remove not in removers:
        removers.append(remove)


def get(name: str) -> Kind:
    """Raises `UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def every() -> list[Kind]:
    """All kinds in the order in which packages defined them."""
    return list(_kinds.values())
