"""How many tasks wait in each tab, counted up to a bound so that the answer stays cheap at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine.api import Task, TaskCandidate
from app.inbox.queries import conditions
from app.inbox.queries.filters import TaskFilter
from app.inbox.queries.ranges import SORTED_BOUND
from app.inbox.queries.reader import Reader
from app.kernel.db import session

COUNT_BOUND = 200
"""Tabs count up to here and show `200+`: beyond, the number tells nobody anything and each row costs a look-up."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Open tasks of each scope that are not put off; `overdue` are those of `mine` past their due time."""

    mine: int
    groups: int
    all: int
    overdue: int
    bound: int = COUNT_BOUND

    def shown(self, scope: str) -> str:
        """The count as people read it: `200+` at the bound."""
        count: int = getattr(self, scope)
        return f"{self.bound}+" if count >= self.bound else str(count)


def count_scopes(reader: Reader, *, now: datetime) -> Counts:
    """The counts of all tabs, in one statement."""
    plain = TaskFilter()
    mine = _open().where(conditions.mine(reader), *conditions.narrowed("mine", plain, now))
    row = session.execute(
        sa.select(
            _bounded(mine),
            _bounded(_offered(reader, now)),
            _bounded(_within(reader.read_paths).where(*conditions.narrowed("all", plain, now))),
            _bounded(mine.where(Task.due_at < now)),
        )
    ).one()
    return Counts(*row)


def few_within(places: Sequence[str]) -> bool:
    """Whether so few open tasks stand at these places that sorting them is cheaper than reading in order."""
    if "/" in places:
        return False
    count: int = session.execute(sa.select(_bounded(_within(places), SORTED_BOUND))).scalar_one()
    return count < SORTED_BOUND


def _offered(reader: Reader, now: datetime) -> sa.Select[Any]:
    return (
        sa.select(TaskCandidate.task_id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(TaskCandidate.open, conditions.free(), conditions.candidate(reader))
        .where(*conditions.narrowed("groups", TaskFilter(), now))
        .distinct()
    )


def _within(places: Sequence[str]) -> sa.Select[Any]:
    return _open().where(conditions.within(places)) if places else _open().where(sa.false())


def _open() -> sa.Select[Any]:
    return sa.select(Task.id).where(conditions.open_())


def _bounded(query: sa.Select[Any], bound: int = COUNT_BOUND) -> sa.ScalarSelect[int]:
    counted = query.limit(bound).subquery()
    return sa.select(sa.func.count()).select_from(counted).scalar_subquery()
