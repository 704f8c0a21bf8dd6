"""The rules of the customer's page (`page.yaml`) and of reaching a customer (`reach.yaml`), checked when read.

A file `customer_page.yaml` or `customer_reach.yaml` in the instance folder goes before the
one that comes with Lightline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings

HERE = Path(__file__).parent
MASKS = frozenset({"surname", "middle", "house", "mailbox", "all"})
ADDRESSES = frozenset({"phone", "mobile", "email", "fax", "premises"})


class BadRules(ValueError):
    """A rule file of this installation does not fit."""


@dataclass(frozen=True, slots=True)
class Masking:
    """How a field is shown without the right; `kinds` empty: to every customer."""

    mask: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageRules:
    """`reason_required` is True, False or kinds of customer that need a reason."""

    noted_every: timedelta
    reason_required: bool | frozenset[str]
    reasons: tuple[str, ...]
    fields: dict[str, Masking]
    months: int

    def needs_reason(self, kind: str) -> bool:
        """Whether somebody must say why they look at a customer of this kind."""
        return self.reason_required if isinstance(self.reason_required, bool) else kind in self.reason_required


@dataclass(frozen=True, slots=True)
class Channel:
    """`address` names a contact's field; see `reach.yaml`."""

    address: str
    disturbs: bool
    call: bool


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a message is for; see `reach.yaml`."""

    order: tuple[str, ...]
    roles: tuple[str, ...]
    quiet: bool
    do_not_call: bool
    soonest: bool


@dataclass(frozen=True, slots=True)
class ReachRules:
    """Standard quiet hours (local, half-open, over midnight where the end lies before the beginning)."""

    quiet: tuple[tuple[time, time], ...]
    channels: dict[str, Channel]
    purposes: dict[str, Purpose]


def page_rules() -> PageRules:
    """The rules of this installation."""
    return _page(_path("page.yaml", "customer_page.yaml"))


def reach_rules() -> ReachRules:
    """The rules of this installation."""
    return _reach(_path("reach.yaml", "customer_reach.yaml"))


def _path(ours: str, theirs: str) -> Path:
    local = settings.current().instance / theirs
    return local if local.exists() else HERE / ours


@lru_cache(maxsize=8)
def _page(path: Path) -> PageRules:
    content = _read(path)
    try:
        look, use = content["look"], content["use"]
        asked = look["reason_required"]
        fields = {name: _masking(entry) for name, entry in content["fields"].items()}
        return PageRules(
            noted_every=timedelta(minutes=int(look["noted_every"])),
            reason_required=asked if isinstance(asked, bool) else frozenset(asked),
            reasons=tuple(look["reasons"]),
            fields=fields,
            months=int(use["months"]),
        )
    except (KeyError, TypeError, ArithmeticError) as exc:
        raise BadRules(f"{path}: {exc!r}") from exc


def _masking(entry: dict[str, Any]) -> Masking:
    if entry["mask"] not in MASKS:
        raise BadRules(f"unknown mask {entry['mask']!r}")
    return Masking(entry["mask"], frozenset(entry.get("kinds", ())))


@lru_cache(maxsize=8)
def _reach(path: Path) -> ReachRules:
    content = _read(path)
    try:
        channels = {name: Channel(**entry) for name, entry in content["channels"].items()}
        purposes = {
            name: Purpose(**entry | {"order": tuple(entry["order"]), "roles": tuple(entry["roles"])})
            for name, entry in content["purposes"].items()
        }
        quiet = tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in content["quiet"])
    except (KeyError, TypeError, ValueError) as exc:
        raise BadRules(f"{path}: {exc!r}") from exc
    unknown = {channel for purpose in purposes.values() for channel in purpose.order} - set(channels)
    unknown |= {channel.address for channel in channels.values()} - ADDRESSES
    if unknown:
        raise BadRules(f"{path}: unknown {', '.join(sorted(unknown))}")
    return ReachRules(quiet, channels, purposes)


def _read(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise BadRules(f"{path}: a mapping is wanted")
    return content
