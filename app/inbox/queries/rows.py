"""A task as a line of the list, with names in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.engine.api import Task
from app.identity import queries as identity
from app.identity.queries import UserView
from app.inbox.queries.reader import Reader
from app.kernel.i18n import localized


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line. `standing_in_for` names the absent colleague whose task it is; `mine` says it is the reader's own."""

    id: str
    instance_id: str
    process_key: str
    element_id: str
    step: str
    title: str
    business_key: str
    unit: str
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    created_at: datetime
    assignee: str
    delegated_by: str
    standing_in_for: str
    mine: bool
    free: bool


def as_rows(tasks: Sequence[Task], reader: Reader, units: Mapping[str, str]) -> list[TaskRow]:
    """Lines of these tasks; people's names are read in one statement. `units` gives names by code."""
    people = identity.user_views({person for task in tasks for person in (task.assignee_id, task.owner_id) if person})
    return [_row(task, reader, people, units) for task in tasks]


def _row(task: Task, reader: Reader, people: Mapping[int, UserView], units: Mapping[str, str]) -> TaskRow:
    return TaskRow(
        id=task.id,
        instance_id=task.instance_id,
        process_key=task.process_key,
        element_id=task.element_id,
        step=localized(task.name, task.name_en),
        title=localized(task.title, task.title_en) or localized(task.name, task.name_en),
        business_key=task.business_key or "",
        unit=units.get(task.unit_code or "", task.unit_code or ""),
        priority=task.priority,
        due_at=task.due_at,
        follow_up_at=task.follow_up_at,
        created_at=task.created_at,
        assignee=person_name(people.get(task.assignee_id or 0)),
        delegated_by=person_name(people.get(task.owner_id or 0)),
        standing_in_for=person_name(reader.stands_in_for(task.assignee_id)),
        mine=task.assignee_id == reader.user_id,
        free=task.assignee_id is None,
    )


def person_name(person: UserView | None) -> str:
    """A person's name in the reader's language, empty for nobody."""
    return localized(person.name, person.name_en) if person else ""
