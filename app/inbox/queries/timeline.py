"""The story of a case, newest first: steps done, hand-overs, comments and files, as readable sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as identity
from app.identity.queries import UserView
from app.inbox.models import TaskNote
from app.inbox.queries import sentences
from app.inbox.queries.case import comments_of, files_of
from app.inbox.queries.rows import person_name
from app.kernel.db import session
from app.kernel.i18n import localized

SHOWN = 200
"""The latest entries a page shows; older ones are counted."""

STEPS = {"userTask", "manualTask", "startEvent", "endEvent", "boundaryEvent", "callActivity"}
"""Kinds of elements a reader cares about; gateways and the like are in the diagram."""

_RANK = {"startEvent": 0, "handover": 1, "comment": 2, "file": 2, "userTask": 3, "callActivity": 4, "endEvent": 5}
"""What comes first of entries of one instant: a task is taken before it is completed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: who did what when. `kind` chooses its mark; `text` is what a person wrote."""

    at: datetime
    kind: str
    who: str
    sentence: str
    text: str = ""
    on_behalf: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    entries: list[Entry]
    older: int


@dataclass(frozen=True, slots=True)
class _Names:
    """People of the story, by sign-in name and by id, read at once."""

    by_username: Mapping[str, UserView]
    by_id: Mapping[int, UserView]

    def who(self, ref: str) -> str:
        return person_name(self.by_username.get(ref)) or sentences.automatic(ref)

    def person(self, user_id: int | None) -> str:
        return person_name(self.by_id.get(user_id or 0))


def timeline_of(instance_id: str, *, limit: int = SHOWN) -> Timeline:
    """What happened in a case, newest first, in the reader's language."""
    activities = _steps(instance_id)
    operations = engine.operations(instance_id)
    notes = {(note.task_id, note.action, note.at): note for note in _notes(instance_id)}
    comments, files = comments_of(instance_id), files_of(instance_id)
    names = _names(
        {a.actor for a in activities}
        | {o.actor for o in operations}
        | {c.author for c in comments}
        | {f.author for f in files}
        | {f.removed_by for f in files if f.removed_by},
        _people_in(operations) | {note.on_behalf_id for note in notes.values() if note.on_behalf_id},
    )
    entries = [_activity(a, notes, names) for a in activities]
    entries += [entry for o in operations if (entry := _operation(o, notes, names))]
    entries += [Entry(c.at, "comment", names.who(c.author), sentences.commented(), c.text) for c in comments]
    entries += [Entry(f.at, "file", names.who(f.author), sentences.attached(f.title, f.is_picture)) for f in files]
    entries += [
        Entry(f.removed_at, "file", names.who(f.removed_by or ""), sentences.removed(f.title))
        for f in files
        if f.removed_at
    ]
    told = sorted(enumerate(entries), key=lambda each: (each[1].at, _RANK.get(each[1].kind, 2), each[0]), reverse=True)
    return Timeline([entry for _number, entry in told[:limit]], max(0, len(told) - limit))


def _steps(instance_id: str) -> list[engine.Activity]:
    """What a reader cares about of the case's history: of starts and ends, those of the case, not of its parts."""
    ended_at = engine.get_instance(instance_id).end_element
    passed = [step for step in engine.history(instance_id) if step.ended_at is not None and step.kind in STEPS]
    first = next((step for step in passed if step.kind == "startEvent"), None)
    return [
        step
        for step in passed
        if (step.kind != "startEvent" or step is first) and (step.kind != "endEvent" or step.element_id == ended_at)
    ]


def _activity(done: engine.Activity, notes: Mapping[Any, TaskNote], names: _Names) -> Entry:
    name = localized(done.name, done.name_en) or done.element_id
    at = done.ended_at or done.started_at
    note = notes.get((done.task_id, "complete", at))
    return Entry(
        at=at,
        kind="cancelled" if done.outcome == "cancelled" else done.kind,
        who=names.who(done.actor),
        sentence=sentences.passed(done.kind, name, done.outcome),
        on_behalf=names.person(note.on_behalf_id) if note else "",
    )


def _operation(done: engine.Operation, notes: Mapping[Any, TaskNote], names: _Names) -> Entry | None:
    sentence = sentences.operated(done.operation, done.details, names.person)
    if not sentence:
        return None
    note = notes.get((done.task_id, done.operation, done.at))
    return Entry(
        at=done.at,
        kind="handover",
        who=names.who(done.actor),
        sentence=sentence,
        text=(note.text if note else "") or str(done.details.get("reason") or ""),
        on_behalf=names.person(note.on_behalf_id) if note else "",
    )


def _people_in(operations: list[engine.Operation]) -> set[int]:
    keys = ("user_id", "from", "to")
    return {value for o in operations for key in keys if isinstance(value := o.details.get(key), int)}


def _names(usernames: set[str], user_ids: set[int]) -> _Names:
    return _Names(identity.users_named(usernames), identity.user_views(user_ids))


def _notes(instance_id: str) -> list[TaskNote]:
    return list(session.scalars(sa.select(TaskNote).where(TaskNote.instance_id == instance_id)))
