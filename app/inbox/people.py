"""To whom a task may be handed: its candidates first, then the people of its unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine.api import TaskView
from app.identity import queries as identity
from app.identity.queries import UserView
from app.kernel.errors import Invalid

SHOWN = 20


class NotAssignable(Invalid):
    """This person cannot be given the task: `details["errors"]` names the field."""

    code = "not_assignable"


def candidates_of(task: TaskView, *, now: datetime) -> list[UserView]:
    """The people a task is offered to, substitutes included, each once, by name."""
    found: dict[int, UserView] = {}
    for kind, ref in task.candidates:
        people = identity.members_of(ref, at=now) if kind == "group" else [identity.user_view(ref)]
        found |= {person.id: person for person in people if person is not None and person.active}
    return sorted(found.values(), key=lambda person: (person.name, person.id))


def others(task: TaskView, text: str, *, paths: Sequence[str], now: datetime) -> list[UserView]:
    """People whose home unit lies under these places, by part of a name, candidates left out."""
    offered = {person.id for person in candidates_of(task, now=now)}
    found = identity.find_users(text, paths=tuple(paths), at=now, limit=SHOWN + len(offered))
    return [person for person in found if person.id not in offered][:SHOWN]


def delegation_paths(task: TaskView) -> tuple[str, ...]:
    """Where a delegate may come from: the task's own unit."""
    return (task.unit_path,) if task.unit_path else ("/",)


def require_assignable(task: TaskView, user_id: int, *, paths: Sequence[str], now: datetime) -> None:
    """Refuse a person who is neither a candidate nor at home where the assigner may assign."""
    _require(task, user_id, paths, now)


def require_delegable(task: TaskView, user_id: int, *, now: datetime) -> None:
    """Refuse a person who is neither a candidate nor at home in the task's unit, or who has it already."""
    if user_id == task.assignee_id:
        raise _refusal(_l("This person has the task already."))
    _require(task, user_id, delegation_paths(task), now)


def _require(task: TaskView, user_id: int, paths: Sequence[str], now: datetime) -> None:
    person = identity.user_view(user_id)
    if person is None or not person.active:
        raise _refusal(_l("Choose a person who works here."))
    if any(candidate.id == user_id for candidate in candidates_of(task, now=now)):
        return
    if not any(_home(person).startswith(path) for path in paths):
        raise _refusal(_l("This person belongs neither to the groups of the task nor to your area."))


def _home(person: UserView) -> str:
    unit = identity.unit_view(person.unit_id) if person.unit_id is not None else None
    return unit.path if unit else "/"


def _refusal(message: object) -> NotAssignable:
    return NotAssignable(message, errors={"user_id": [str(message)]})
