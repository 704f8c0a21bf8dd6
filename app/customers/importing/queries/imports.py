"""Imports with their problems and their effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.customers.importing import find, reasons, rights, targets
from app.customers.importing.models import DataImport, ImportProblem, ImportProfile, ImportProfileVersion
from app.customers.models import Customer, CustomerChange
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.i18n import current_locale, localized

PAGE = 50


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as people see it; `earlier` is the import of the same file, `target` and `profile` are names."""

    id: int
    target: str
    target_name: str
    profile: str
    profile_id: int | None
    profile_version: int | None
    file_id: int
    file_name: str
    state: str
    described: Mapping[str, Any]
    rows: int
    read: int
    good: int
    bad: int
    created: int
    changed: int
    same: int
    error: str
    created_at: datetime
    created_by: str
    checked_at: datetime | None
    finished_at: datetime | None
    scheduled: bool
    mapped: bool
    earlier: int | None = None

    @property
    def running(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in {"checking", "writing"}

    @property
    def source(self) -> str:
        """Where it came from, in a word: the profile's name or the file's."""
        return self.profile or self.file_name


@dataclass(frozen=True, slots=True)
class ImportPage:
    """A page of imports, the latest first; `after` begins the next one."""

    rows: list[ImportView]
    after: int | None


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem in the reader's language."""

    line: int
    place: str
    header: str
    field: str
    shown: str
    reason: str


def import_view(import_id: int, *, actor: Actor, now: datetime) -> ImportView:
    """One import the actor may see; raises `ImportNotFound`, `Forbidden`."""
    row = find.an_import(import_id)
    rights.require_import(row, actor=actor, now=now)
    return _views([row], earlier=find.done_before(row))[0]


def list_imports(*, actor: Actor, now: datetime, state: str = "", after: int | None = None) -> ImportPage:
    """The imports the actor may see."""
    query = sa.select(DataImport).where(rights.visible(actor, now=now)).order_by(DataImport.id.desc()).limit(PAGE + 1)
    if state:
        query = query.where(DataImport.state == state)
    if after is not None:
        query = query.where(DataImport.id < after)
    rows = list(session.scalars(query))
    return ImportPage(_views(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def problems_of(import_id: int, *, after: int = 0, limit: int = PAGE) -> tuple[list[ProblemView], int | None]:
    """Problems in the order of the file from a row on, with where the next page begins."""
    row = find.an_import(import_id)
    target = targets.get(row.target)
    query = sa.select(ImportProblem).where(ImportProblem.import_id == import_id, ImportProblem.id > after)
    found = list(session.scalars(query.order_by(ImportProblem.id).limit(limit + 1)))
    views = [_problem(one, target) for one in found[:limit]]
    return views, found[limit - 1].id if len(found) > limit else None


def effects_of(import_id: int, *, after: int = 0, limit: int = PAGE) -> tuple[list[dict[str, Any]], int | None]:
    """What an import created and changed, in the order of writing: line, act, subject, key, customer, fields."""
    query = (
        sa.select(CustomerChange, Customer.number, Customer.name)
        .join(Customer, Customer.id == CustomerChange.customer_id)
        .where(CustomerChange.import_id == import_id, CustomerChange.id > after)
    )
    found = list(session.execute(query.order_by(CustomerChange.id).limit(limit + 1)))
    rows = [
        {
            "line": change.line,
            "act": change.act,
            "subject": change.subject,
            "key": change.subject_key,
            "number": number,
            "name": name,
            "fields": [(field, before, after_) for field, (before, after_) in change.fields.items()],
        }
        for change, number, name in found[:limit]
    ]
    return rows, found[limit - 1][0].id if len(found) > limit else None


def _problem(row: ImportProblem, target: targets.Target) -> ProblemView:
    field = target.field(row.field)
    title = str(field.title) if field else ""
    reason = reasons.text_of(row.code, row.params, row.shown)
    return ProblemView(row.line, row.place, row.header or title, title, row.shown, reason)


def _views(rows: Sequence[DataImport], *, earlier: int | None = None) -> list[ImportView]:
    versions = {row.profile_version_id for row in rows if row.profile_version_id is not None}
    query = sa.select(ImportProfileVersion, ImportProfile.name).join(
        ImportProfile, ImportProfile.id == ImportProfileVersion.profile_id
    )
    profiles = {
        version.id: (name, version.profile_id, version.number)
        for version, name in session.execute(query.where(ImportProfileVersion.id.in_(versions)))
    }
    names = people.users_named({row.created_by for row in rows})
    views = []
    for row in rows:
        profile, profile_id, number = profiles.get(row.profile_version_id or 0, ("", None, None))
        user = names.get(row.created_by)
        views.append(
            ImportView(
                **{name: getattr(row, name) for name in _COPIED},
                target_name=_target_name(row.target),
                profile=profile,
                profile_id=profile_id,
                profile_version=number,
                error=(row.error or {}).get(current_locale(), ""),
                created_by=localized(user.name, user.name_en) if user else row.created_by,
                scheduled=row.schedule_id is not None,
                mapped=bool(row.content),
                earlier=earlier,
            )
        )
    return views


def _target_name(name: str) -> str:
    try:
        return str(targets.get(name).title)
    except targets.UnknownTarget:
        return name


_COPIED = (
    *("id", "target", "file_id", "file_name", "state", "described", "rows", "read", "good", "bad"),
    *("created", "changed", "same", "created_at", "checked_at", "finished_at"),
)
