"""The index ranges a scope consists of: one a holder, one a group (two where held tasks count), one for the places.

A page reads at most one page from each range and merges them, so that its cost does not
grow with the number of tasks. Two things cannot be read in order: a search, which finds
its cases by text, and a small place in a large grid. Those are read whole up to a bound
and sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sqlalchemy as sa

from app.engine.api import Task, TaskCandidate
from app.inbox.queries import conditions
from app.inbox.queries.conditions import Condition
from app.inbox.queries.filters import Scope
from app.inbox.queries.order import Order
from app.inbox.queries.reader import Reader

SORTED_BOUND = 1000
"""At most this many tasks are sorted for a page; beyond it an index gives the order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for. `places` are path prefixes (`/`: everywhere), `small` says that few tasks
    stand there, `free` that only tasks nobody has are meant, `cases` selects the ids of the
    cases a search found."""

    scope: Scope
    reader: Reader
    narrowed: Sequence[Condition]
    places: Sequence[str]
    small: bool = False
    free: bool = False
    cases: sa.Select[Any] | None = None

    @property
    def everywhere(self) -> bool:
        return "/" in self.places


def ranges_of(wanted: Wanted, order: Order, size: int) -> list[sa.Select[Any]]:
    """The ranges to merge for one page."""
    if wanted.cases is not None:
        found = [Task.instance_id.in_(wanted.cases), _belongs(wanted), *_conditions(wanted)]
        return _sorted(order, found, size, bound=None)
    if wanted.scope == "mine":
        return _mine(wanted, order, size)
    if wanted.scope == "groups":
        return _offered(wanted, order, size)
    if wanted.small:
        return _sorted(order, _conditions(wanted), size, bound=SORTED_BOUND)
    return order.ranges(_open(*_conditions(wanted, in_order=True)), Task, Task.id, size)


def _conditions(wanted: Wanted, *, in_order: bool = False) -> list[Condition]:
    if wanted.everywhere:
        return list(wanted.narrowed)
    return [conditions.within(wanted.places, in_order=in_order), *wanted.narrowed]


def _mine(wanted: Wanted, order: Order, size: int) -> list[sa.Select[Any]]:
    ranges: list[sa.Select[Any]] = []
    for holder in wanted.reader.held_ids:
        held = _open(Task.assignee_id == holder, *_conditions(wanted, in_order=True))
        ranges += order.ranges(held, Task, Task.id, size)
    return ranges


def _offered(wanted: Wanted, order: Order, size: int) -> list[sa.Select[Any]]:
    reader = wanted.reader
    refs = [*(("group", group) for group in sorted(reader.groups)), *(("user", name) for name in reader.usernames)]
    ranges: list[sa.Select[Any]] = []
    free: Condition = conditions.free()
    for (kind, ref), held in product(refs, [free] if wanted.free else [free, TaskCandidate.held]):
        offered = (
            sa.select(TaskCandidate.task_id)
            .join(Task, Task.id == TaskCandidate.task_id)
            .where(TaskCandidate.open, held, TaskCandidate.kind == kind, TaskCandidate.ref == ref)
            .where(*_conditions(wanted, in_order=True))
        )
        ranges += order.ranges(offered, TaskCandidate, TaskCandidate.task_id, size)
    return ranges


def _belongs(wanted: Wanted) -> Condition:
    if wanted.scope == "mine":
        return conditions.mine(wanted.reader)
    return conditions.offered(wanted.reader) if wanted.scope == "groups" else sa.true()


def _sorted(order: Order, wanted: Sequence[Condition], size: int, *, bound: int | None) -> list[sa.Select[Any]]:
    """Read all that is wanted, then sort; a bound as an inner limit keeps the database to this plan."""
    columns = (Task.id, Task.due_at, Task.created_at, Task.priority)
    whole = sa.select(*columns).where(conditions.open_(), *wanted).limit(bound).subquery("wanted")
    return order.ranges(sa.select(whole.c.id), whole.c, whole.c.id, size)


def _open(*wanted: Condition) -> sa.Select[Any]:
    return sa.select(Task.id).where(conditions.open_(), *wanted)
