"""Gathers calls' records while they run and writes them together, once a second, off every caller's path.

The event loop only appends to memory. A failed write keeps what is waiting and tries again; what waits is
bounded, and what is dropped beyond the bound is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from app.kernel.clock import LOCAL

MAX_STEPS = 2000
"""Steps kept of one call: a caller who walks in circles for hours is still one record."""

MAX_WAITING = 200_000
"""Steps that may wait for the database before the oldest calls' are dropped."""

MASK = "****"

CountKey = tuple[str, str, Any, str, str]


@dataclass(slots=True, eq=False)
class CallLog:
    """The record of one running call. Times are instants; `head` holds columns of `Call`."""

    key: str
    head: dict[str, Any]
    recorder: Recorder | None = None
    id: int = 0
    steps: list[dict[str, Any]] = field(default_factory=list)
    legs: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    entered: int = 0
    last: dict[str, Any] | None = None
    changed: bool = True
    """Whether the call's own row is to be written, not only its steps."""

    def note(self, **values: Any) -> None:
        """Set columns of the call."""
        self.head.update(values)
        self.changed = True
        self._dirty()

    def tag(self, name: str, value: Any) -> None:
        self.head["tags"] = {**self.head.get("tags", {}), name[:60]: value}
        self.changed = True
        self._dirty()

    def enter(self, *, flow: str, version: str, node: str, kind: str, left_by: str, now: datetime) -> None:
        """A node is entered, the one before left by `left_by`."""
        self._leave(left_by, now)
        if self.entered < MAX_STEPS:
            self.entered += 1
            self.last = {
                "n": self.entered,
                "at": now,
                "flow": flow[:80],
                "version": version[:80],
                "node": node[:100],
                "kind": kind[:30],
                "exit": "",
                "input": "",
                "seconds": 0.0,
                "note": "",
            }
            self.steps.append(self.last)
        # These alone do not make the call's own row be written: a call passes a node every few seconds.
        self.head["last_node"] = f"{flow}/{node}"[:200]
        self.head["steps"] = self.entered
        self._count(flow, version, node, "entered", now)
        self._dirty()

    def pressed(self, keys: str, *, masked: bool) -> None:
        """What the caller pressed at the node at hand."""
        if self.last is not None and keys:
            self.last["input"] = MASK if masked else keys[:60]
            self._dirty()

    def remark(self, text: str) -> None:
        """Something about the node at hand: an error's code, a lookup that took too long."""
        if self.last is not None:
            self.last["note"] = text[:200]
            self._dirty()

    def leg(self, n: int, **values: Any) -> None:
        """Set columns of a leg."""
        self.legs.setdefault(n, {"n": n}).update(values)
        self._dirty()

    def recorded(self, **values: Any) -> None:
        """A recording of the call: columns of `CallRecording`."""
        self.files.append(values)
        self._dirty()

    def end(self, *, cause: str, by_caller: bool, now: datetime) -> None:
        """The call is over."""
        if self.head.get("ended_at") is not None:
            return
        if self.last is not None:
            what = "hangup" if by_caller else "ended"
            self.last["seconds"] = round((now - self.last["at"]).total_seconds(), 2)
            self._count(self.last["flow"], self.last["version"], self.last["node"], what, now)
        self.head |= {"ended_at": now, "cause": cause[:60]}
        self.changed = True
        self._dirty()

    def _leave(self, left_by: str, now: datetime) -> None:
        if self.last is None:
            return
        self.last["exit"] = left_by[:60]
        self.last["seconds"] = round((now - self.last["at"]).total_seconds(), 2)
        self._count(self.last["flow"], self.last["version"], self.last["node"], f"exit:{left_by[:60]}", now)

    def _count(self, flow: str, version: str, node: str, what: str, now: datetime) -> None:
        if self.recorder is not None:
            self.recorder.count((flow[:80], version[:80], now.astimezone(LOCAL).date(), node[:100], what))

    def _dirty(self) -> None:
        if self.recorder is not None:
            self.recorder.changed(self)


@dataclass(slots=True)
class Batch:
    """What is written together."""

    calls: list[tuple[CallLog, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]]
    counts: dict[CountKey, int]
    events: list[dict[str, Any]]

    def __bool__(self) -> bool:
        return bool(self.calls or self.counts or self.events)


class Recorder:
    """All running calls' records of a process. `flush` may run in a thread; everything else in the loop's."""

    def __init__(self, write: Callable[[Batch], None]) -> None:
        self._write = write
        self._lock = Lock()
        self._writing = Lock()
        self._changed: dict[str, CallLog] = {}
        self._counts: Counter[CountKey] = Counter()
        self._events: list[dict[str, Any]] = []
        self._failed: list[Batch] = []
        self.dropped = 0
        """Steps and events lost because the database was away for too long."""

    def begin(self, key: str, **head: Any) -> CallLog:
        """A new call's record."""
        log = CallLog(key, head, self)
        self.changed(log)
        return log

    def changed(self, log: CallLog) -> None:
        with self._lock:
            self._changed[log.key] = log

    def count(self, key: CountKey) -> None:
        with self._lock:
            self._counts[key] += 1

    def event(self, values: dict[str, Any]) -> None:
        """Something a queue or an agent did: written in order."""
        with self._lock:
            if len(self._events) >= MAX_WAITING:
                self._events.pop(0)
                self.dropped += 1
            self._events.append(values)

    @property
    def waiting(self) -> int:
        """Calls whose record has changed since it was written."""
        return len(self._changed) + sum(len(batch.calls) for batch in self._failed)

    def flush(self) -> None:
        """Write all that changed. What could not be written stays and is written first next time; raises then."""
        with self._lock:
            batch = Batch(
                calls=[self._taken(log) for log in self._changed.values()],
                counts=dict(self._counts),
                events=self._events,
            )
            self._changed, self._counts, self._events = {}, Counter(), []
            if batch:
                self._failed.append(batch)
        with self._writing:  # one writer: batches go in order, none twice
            while self._failed:
                try:
                    self._write(self._failed[0])
                except BaseException:
                    self._bound()
                    raise
                self._failed.pop(0)

    @staticmethod
    def _taken(
        log: CallLog,
    ) -> tuple[CallLog, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        """What is new of a call; the step at hand stays in hand, as its end is still to come."""
        steps = [dict(step) for step in log.steps]
        log.steps = [log.last] if log.last is not None and log.head.get("ended_at") is None else []
        files, log.files = log.files, []
        head = dict(log.head) if log.changed or not log.id else {}
        log.changed = False
        return log, head, steps, [dict(leg) for leg in log.legs.values()], files

    def _bound(self) -> None:
        """Keep what waits for the database within bounds: whole batches go, oldest first."""
        while len(self._failed) > 1 and sum(_size(batch) for batch in self._failed) > MAX_WAITING:
            self.dropped += _size(self._failed.pop(0))


def _size(batch: Batch) -> int:
    return len(batch.events) + sum(1 + len(steps) for _log, _head, steps, _legs, _files in batch.calls)
