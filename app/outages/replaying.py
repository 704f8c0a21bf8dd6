"""The board at any past instant (回放): what was known of each outage, as a list of changes in the order of time. Pure.

A page plays by applying changes; applied up to an instant they give the state at it, whatever the speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]
"""Some of: `status`, `out`, `calls`, `etr` (instant or None), `etr_source`, `crew`, `gone` (true: over)."""


@dataclass(frozen=True, slots=True)
class History:
    """What is on record of one outage. `events` are (at, kind, params), `steps` (at, kind, customers), `etrs`
    (at, expected, source), `calls` when each call came in.
    """

    outage_id: int
    detected_at: datetime
    closed_at: datetime | None
    customers_total: int
    status: str
    events: Sequence[tuple[datetime, str, Mapping[str, Any]]] = ()
    steps: Sequence[tuple[datetime, str, int]] = ()
    etrs: Sequence[tuple[datetime, datetime | None, str]] = ()
    calls: Sequence[datetime] = field(default=())


@dataclass(frozen=True, slots=True)
class Change:
    """From this instant on the outage shows these fields."""

    at: datetime
    outage_id: int
    fields: Fields


def changes_of(histories: Iterable[History]) -> list[Change]:
    """All changes, the earliest first. An outage is on the board from its detection until it is over."""
    found = [change for history in histories for change in _changes(history)]
    return sorted(found, key=lambda change: (change.at, change.outage_id))


def state_at(changes: Iterable[Change], at: datetime) -> dict[int, dict[str, Any]]:
    """What the board showed at an instant: fields by outage."""
    state: dict[int, dict[str, Any]] = {}
    for change in changes:
        if change.at > at:
            break
        state.setdefault(change.outage_id, {}).update(change.fields)
        if change.fields.get("gone"):
            del state[change.outage_id]
    return state


def _changes(history: History) -> Iterable[Change]:
    """One change an instant at most; what happened before the detection is known from then on."""
    moments: dict[datetime, dict[str, Any]] = {history.detected_at: {}}
    for at, fields in (*_events(history), *_steps(history), *_etrs(history), *_calls(history)):
        known = max(at, history.detected_at)
        moments.setdefault(known, {}).update(fields)
    first = {
        "status": "predicted",
        "out": history.customers_total,
        "calls": 0,
        "etr": None,
        "etr_source": "",
        "crew": "",
    }
    moments[history.detected_at] = first | moments[history.detected_at]
    for at in sorted(moments):
        if history.closed_at is not None and at >= history.closed_at:
            break
        yield Change(at, history.outage_id, moments[at])
    if history.closed_at is not None:
        yield Change(history.closed_at, history.outage_id, {"gone": True})


def _events(history: History) -> Iterable[tuple[datetime, Fields]]:
    for at, kind, params in history.events:
        if kind == "confirmed":
            yield at, {"status": "confirmed"}
        elif kind == "crew" and params.get("state"):
            yield at, {"status": params["state"]}
        elif kind == "crew_chosen":
            yield at, {"crew": params.get("crew", "")}
        elif kind in {"verifying", "restored"}:
            yield at, {"status": kind}


def _steps(history: History) -> Iterable[tuple[datetime, Fields]]:
    out = 0
    for at, kind, customers in sorted(history.steps, key=lambda step: step[0]):
        out += customers if kind == "out" else -customers
        if kind == "out":
            yield at, {"out": max(0, out)}
        else:
            yield at, {"out": max(0, out), "status": "partially_restored" if out > 0 else "restored"}


def _etrs(history: History) -> Iterable[tuple[datetime, Fields]]:
    for at, expected, source in history.etrs:
        yield at, {"etr": expected, "etr_source": source}


def _calls(history: History) -> Iterable[tuple[datetime, Fields]]:
    for count, at in enumerate(sorted(history.calls), 1):
        yield at, {"calls": count}
