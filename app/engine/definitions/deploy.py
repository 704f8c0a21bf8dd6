"""Deploying files together: all of them or none, new versions only for what changed.

What a diagram names (called processes, decisions, forms) is pinned to the versions of this
moment. Where something that is named gets a new version, so does every diagram that names
it, and in turn those that call that diagram: a running instance never changes under way,
and a new one always starts with the newest of everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import sqlalchemy as sa
from flask_babel import gettext as _

from app.engine.definitions.bindings import LATEST
from app.engine.definitions.drafts import Draft, read_drafts
from app.engine.definitions.elements import read_elements
from app.engine.definitions.lint import Context, identities, lint
from app.engine.definitions.models import Definition, DeploymentRow
from app.engine.definitions.normalize import normalize
from app.engine.definitions.problems import Problem, Refused, errors_of
from app.engine.definitions.views import Deployment, view
from app.engine.definitions.xml import read_xml, write_xml
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import alone, new_id, session


class Follower(Protocol):
    def __call__(self, row: Definition, before: Definition | None, *, now: datetime) -> None: ...


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Call `follower` with each new version and the one before it, in the transaction of the deployment."""
    if follower not in _followers:
        _followers.append(follower)


def deploy(files: Mapping[str, bytes], *, actor: Actor, now: datetime) -> Deployment:
    """Deploy `.bpmn`, `.dmn` and `.form` files by name. Raises `Refused`; then nothing is changed.

    One deployment at a time: what another pins or numbers meanwhile would be missed.
    """
    alone("deployment")
    newest = _newest()
    context = Context.of(files, known=newest)
    problems = [problem for name, content in sorted(files.items()) for problem in lint(name, content, context=context)]
    problems += _clashes(files)
    if errors_of(problems):
        raise Refused(errors_of(problems))
    drafts = {draft.identity: draft for name, data in sorted(files.items()) for draft in read_drafts(name, data)}
    _refuse_unknown_versions(drafts.values())
    changed = {key for key, draft in drafts.items() if key not in newest or newest[key].content_sha != draft.sha}
    due = _with_dependants(changed, drafts, newest)
    unchanged = [view(newest[key]) for key in sorted(drafts.keys() - due.keys())]
    if not due:
        return Deployment(None, [], unchanged)
    rows = _store(due, newest, actor=actor, now=now)
    return Deployment(rows[0].deployment_id, [view(row) for row in rows], unchanged)


def _clashes(files: Mapping[str, bytes]) -> list[Problem]:
    """Two files of one deployment must not define one key."""
    owner: dict[str, str] = {}
    problems = []
    for name, content in sorted(files.items()):
        for identity in identities(name, content):
            other = owner.setdefault(identity, name)
            if other != name:
                message = _("%(other)s defines the same key.", other=other)
                problems.append(Problem(name, identity.partition(":")[2], "duplicate-key", "error", message))
    return problems


def _refuse_unknown_versions(drafts: Iterable[Draft]) -> None:
    problems = []
    for draft in drafts:
        known = _version_ids(draft)
        for name, number in sorted(draft.versions):
            if (name, number) not in known:
                message = _("Version %(number)s of %(name)s is not deployed.", number=number, name=name)
                problems.append(Problem(draft.resource, draft.key, "unknown-version", "error", message))
    if problems:
        raise Refused(problems)


def _version_ids(draft: Draft) -> dict[tuple[str, int], str]:
    """The definitions that a diagram names by their number."""
    found = {}
    for name, number in draft.versions:
        kind, _colon, key = name.partition(":")
        query = sa.select(Definition.id).where(Definition.kind == kind, Definition.key == key)
        row_id = session.scalar(query.where(Definition.version == number))
        if row_id is not None:
            found[name, number] = row_id
    return found


def _newest() -> dict[str, Definition]:
    """The newest version of every key, by `kind:key`."""
    latest = (
        sa.select(Definition.kind, Definition.key, sa.func.max(Definition.version).label("version"))
        .group_by(Definition.kind, Definition.key)
        .subquery()
    )
    query = sa.select(Definition).join(
        latest,
        (Definition.kind == latest.c.kind)
        & (Definition.key == latest.c.key)
        & (Definition.version == latest.c.version),
    )
    return {f"{row.kind}:{row.key}": row for row in session.scalars(query)}


def _with_dependants(
    changed: Iterable[str], drafts: Mapping[str, Draft], newest: Mapping[str, Definition]
) -> dict[str, Draft]:
    """The changed drafts, and every definition that names one of them, directly or not."""
    everything = {key: _draft_of(row) for key, row in newest.items()} | dict(drafts)
    due = {key: everything[key] for key in changed}
    growing = True
    while growing:
        more = {key: draft for key, draft in everything.items() if key not in due and draft.references & due.keys()}
        due.update(more)
        growing = bool(more)
    return due


def _draft_of(row: Definition) -> Draft:
    if row.kind != "bpmn" or not row.bindings:
        return Draft(row.kind, row.key, row.name, row.name_en, row.resource, row.content)
    return next(draft for draft in read_drafts(row.resource, row.content) if draft.key == row.key)


def _store(
    due: Mapping[str, Draft], newest: Mapping[str, Definition], *, actor: Actor, now: datetime
) -> list[Definition]:
    act = DeploymentRow(id=new_id(), deployed_at=now, deployed_by=actor.ref)
    session.add(act)
    session.flush()
    ids = {key: row.id for key, row in newest.items()} | {key: new_id() for key in sorted(due)}
    rows = []
    for key, draft in sorted(due.items()):
        version = newest[key].version + 1 if key in newest else 1
        bindings = {name: ids[name] for name in draft.references} | dict.fromkeys(draft.latest, LATEST)
        bindings |= {name: row_id for (name, _number), row_id in _version_ids(draft).items()}
        row = _row(draft, ids[key], version, bindings, act)
        session.add(row)
        rows.append(row)
    session.flush()
    for row in rows:
        for follower in _followers:
            follower(row, newest.get(f"{row.kind}:{row.key}"), now=now)
    names = [f"{row.kind}:{row.key}:{row.version}" for row in rows]
    audit.record(
        "definitions.deploy", actor=actor, now=now, subject_type="deployment", subject_id=act.id,
        details={"definitions": names},
    )  # fmt: skip
    return rows


def _row(draft: Draft, definition_id: str, version: int, bindings: dict[str, str], act: DeploymentRow) -> Definition:
    row = Definition(
        id=definition_id, kind=draft.kind, key=draft.key, version=version, name=draft.name, name_en=draft.name_en,
        resource=draft.resource, content=draft.content, content_sha=draft.sha, elements=[], bindings=bindings,
        deployment_id=act.id, deployed_at=act.deployed_at, deployed_by=act.deployed_by, suspended=False,
    )  # fmt: skip
    if draft.kind == "bpmn":
        root = read_xml(draft.content)
        row.elements = [element.to_json() for element in read_elements(root)]
        row.normalized = write_xml(normalize(root))
        row.normalized_sha = sha256(row.normalized.encode()).hexdigest()
    return row
