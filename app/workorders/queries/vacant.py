"""Groups that are offered open tasks and have nobody in them: work that nobody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class Vacant:
    """A group without members: its post's code, its unit, the open tasks offered to it that nobody has."""

    post: str
    unit: UnitView
    tasks: int


def vacant_groups(*, at: datetime) -> dict[str, int]:
    """Groups with open tasks that nobody has and no members, with the number of tasks; other groups of a task count."""
    offered = _offered()
    staffed = people.staffed_groups(offered, at=at)
    return {ref: tasks for ref, tasks in offered.items() if ref not in staffed}


def vacant_posts(paths: Sequence[str], *, at: datetime) -> list[Vacant]:
    """The vacant groups of open units under these paths, those with most tasks first."""
    groups = {tuple(ref.split("@", 1)): tasks for ref, tasks in vacant_groups(at=at).items() if "@" in ref}
    units = people.units_by_code({code for _post, code in groups}, at=at)
    found = [
        Vacant(post, units[code], tasks)
        for (post, code), tasks in groups.items()
        if code in units and any(units[code].path.startswith(path) for path in paths)
    ]
    return sorted(found, key=lambda each: (-each.tasks, each.unit.code, each.post))


def _offered() -> dict[str, int]:
    candidate = engine.TaskCandidate
    query = (
        sa.select(candidate.ref, sa.func.count())
        .where(candidate.kind == "group", candidate.open, sa.not_(candidate.held))
        .group_by(candidate.ref)
    )
    return {ref: tasks for ref, tasks in session.execute(query)}
