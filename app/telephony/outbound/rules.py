"""The rules of calling people, read from data. Pure but for reading the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.kernel import settings
from app.kernel.clock import LOCAL


@dataclass(frozen=True, slots=True)
class Purpose:
    """How often and how long a call of this purpose is tried; 0 is no bound."""

    name: str
    title: str
    title_en: str
    attempts: int
    between: timedelta
    ring_seconds: int
    valid: timedelta
    a_day: int = 0
    a_cycle: int = 0
    cycle: timedelta = timedelta(days=30)
    urgent: bool = False
    checks: tuple[str, ...] = ()
    """Registered lookups asked right before dialling: `{allowed, why}`."""
    flow: str = ""
    """The flow that speaks; empty for that of the kind of call."""


@dataclass(frozen=True, slots=True)
class FaxRule:
    """How often a fax is tried again, and how far apart."""

    retries: int
    between: timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules. `quiet` are spans of the local clock, half-open, over midnight where they end earlier."""

    quiet: tuple[tuple[time, time], ...]
    purposes: Mapping[str, Purpose]
    results: Mapping[str, str]
    final: frozenset[str]
    fax: FaxRule

    def purpose(self, name: str) -> Purpose:
        """Its rule; an unknown one is a notice."""
        return self.purposes.get(name, self.purposes["notice"])

    def allowed_from(self, at: datetime, purpose: Purpose) -> datetime:
        """The first instant from `at` on when a call may begin."""
        if purpose.urgent:
            return at
        for _round in range(len(self.quiet) + 1):
            ends = [end for span in self.quiet if (end := _quiet_until(at, span)) is not None]
            if not ends:
                return at
            at = max(ends)
        return at

    def result_of(self, cause: str) -> str:
        """The result that a cause of the switch means."""
        return self.results.get(cause, "LINE_FAILURE")


def _quiet_until(at: datetime, span: tuple[time, time]) -> datetime | None:
    """When the quiet span around `at` ends; None where `at` is in none."""
    local = at.astimezone(LOCAL)
    begin, end = span
    now = local.time()
    inside = begin <= now < end if begin < end else now >= begin or now < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if begin > end and now >= begin else 0)
    return datetime.combine(day, end, LOCAL).astimezone(at.tzinfo)


def rules() -> Rules:
    """Those in force."""
    return _read(Path(settings.current().instance) / "outbound.yaml", _stamp())


def _stamp() -> float:
    own = Path(settings.current().instance) / "outbound.yaml"
    return own.stat().st_mtime if own.is_file() else 0.0


@lru_cache(maxsize=8)
def _read(own: Path, _changed: float) -> Rules:
    given: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"))
    if own.is_file():
        more: dict[str, Any] = yaml.safe_load(own.read_text(encoding="utf-8")) or {}
        purposes = {**given["purposes"]}
        for name, entry in (more.pop("purposes", None) or {}).items():
            purposes[name] = {**purposes.get(name, purposes["notice"]), **entry}
        given = {**given, **more, "purposes": purposes}
    return Rules(
        quiet=tuple((time.fromisoformat(span["from"]), time.fromisoformat(span["to"])) for span in given["quiet"]),
        purposes={name: _purpose(name, entry) for name, entry in given["purposes"].items()},
        results=given["results"],
        final=frozenset(given["final"]),
        fax=FaxRule(int(given["fax"]["retries"]), timedelta(minutes=given["fax"]["minutes_between"])),
    )


def _purpose(name: str, entry: Mapping[str, Any]) -> Purpose:
    return Purpose(
        name=name,
        title=entry["zh"],
        title_en=entry["en"],
        attempts=int(entry["attempts"]),
        between=timedelta(minutes=entry["minutes_between"]),
        ring_seconds=int(entry["ring_seconds"]),
        valid=timedelta(hours=entry["hours_valid"]),
        a_day=int(entry.get("a_day", 0)),
        a_cycle=int(entry.get("a_cycle", 0)),
        cycle=timedelta(days=entry.get("cycle_days", 30)),
        urgent=bool(entry.get("urgent", False)),
        checks=tuple(entry.get("checks", ())),
        flow=str(entry.get("flow", "")),
    )
