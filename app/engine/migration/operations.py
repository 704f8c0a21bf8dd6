"""Migrations: tried on copies, started, done in batches by a job, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from app.engine.migration import moving, plan
from app.engine.migration.judgement import weight_of
from app.engine.migration.models import Migration, MigrationItem
from app.engine.migration.queries import get_migration
from app.engine.migration.views import MigrationView, Preview
from app.engine.runtime import operations as log
from app.engine.runtime.models import Instance
from app.engine.runtime.run import command
from app.engine.runtime.run.services import pack_actor
from app.kernel import audit, jobs
from app.kernel.actor import Actor
from app.kernel.db import new_id, session
from app.kernel.errors import Conflict, Invalid

JOB = "engine.migrate"
RUNNING = ("active", "suspended")


class NothingToMove(Invalid):
    code = "nothing_to_move"


class CannotRevert(Conflict):
    """The instance has gone on since it moved, or never moved."""

    code = "cannot_revert"


def preview(
    key: str,
    *,
    source: int,
    target: int,
    mapping: Mapping[str, str] | None = None,
    instance_ids: Sequence[str] | None = None,
    after: str | None = None,
    limit: int = 100,
    now: datetime,
) -> list[Preview]:
    """A dry run on copies: what would happen to each instance, by id; `after` is the last id of the page before.

    Without `instance_ids` all running instances of the source version. Raises
    `DefinitionNotFound`, `InvalidMapping`.
    """
    names = plan.names_of(key, source=source, target=target, mapping=mapping or {})
    query = _candidates(names.source.definition_id, instance_ids).options(undefer(Instance.state)).limit(limit)
    if after is not None:
        query = query.where(Instance.id > after)
    found = []
    for row in session.scalars(query).all():
        findings = moving.preview(row, names, now=now)
        found.append(Preview(row.id, row.business_key, row.title, weight_of(findings), tuple(findings)))
    session.expire_all()
    return found


def start_migration(
    key: str,
    *,
    source: int,
    target: int,
    mapping: Mapping[str, str] | None = None,
    instance_ids: Sequence[str] | None = None,
    confirmed: bool = False,
    reason: str,
    actor: Actor,
    now: datetime,
) -> MigrationView:
    """Note which instances are to move; a job moves them in batches.

    `confirmed` agrees to what a dry run marks so; what it refuses stays where it is.
    Raises `DefinitionNotFound`, `InvalidMapping`, `NothingToMove`.
    """
    names = plan.names_of(key, source=source, target=target, mapping=mapping or {})
    chosen = [row.id for row in session.scalars(_candidates(names.source.definition_id, instance_ids))]
    if not chosen:
        raise NothingToMove(_l("No running case is on this version."), errors={})
    row = Migration(
        id=new_id(), process_key=key, source_id=names.source.definition_id, target_id=names.target.definition_id,
        source_version=source, target_version=target, mapping=dict(mapping or {}), confirmed=confirmed,
        reason=reason[:500], state="running", created_at=now, created_by=actor.ref,
    )  # fmt: skip
    session.add(row)
    session.flush()
    items = [{"migration_id": row.id, "instance_id": one, "state": "pending", "findings": []} for one in chosen]
    session.execute(sa.insert(MigrationItem), items)
    details = {"process": key, "from": source, "to": target, "cases": len(chosen), "reason": reason}
    audit.record(
        "instances.migrate", actor=actor, now=now, subject_type="migration", subject_id=row.id, details=details
    )
    jobs.enqueue(JOB, {"migration": row.id, "actor": pack_actor(actor)}, now=now)
    return get_migration(row.id)


def revert(migration_id: str, instance_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Return one instance to the version and state before, as long as nothing has happened in it since.

    Raises `MigrationNotFound`, `CannotRevert`.
    """
    migration = get_migration(migration_id)
    item = session.get(MigrationItem, (migration_id, instance_id), options=[undefer(MigrationItem.before)])
    instance = command.find_instance(instance_id)
    if item is None or item.state != "moved" or item.before is None or item.revision != instance.revision:
        raise CannotRevert(
            _l("This case has gone on since it moved; it cannot return to the version before."), instance_id=instance_id
        )
    details = {"migration_id": migration_id, "to": migration.source_version, "reason": reason}
    log.record("revert_migration", instance_id=instance_id, actor=actor, now=now, details=details)
    audit.record(
        "instances.revert", actor=actor, now=now, subject_type="instance", subject_id=instance_id,
        unit_path=instance.unit_path, details=details,
    )  # fmt: skip
    moving.put_back(instance, item.before, migration.source_id, actor=actor, now=now)
    item.state, item.done_at, item.revision, item.before = "reverted", now, None, None


def move_item(migration: MigrationView, instance_id: str, *, actor: Actor, now: datetime) -> str:
    """Move one instance that a migration has pending; returns its new state, "" where it was not pending."""
    item = session.get(MigrationItem, (migration.id, instance_id), with_for_update=True)
    if item is None or item.state != "pending":
        return ""
    instance = command.find_instance(instance_id)
    names = plan.names_of(
        migration.process_key,
        source=migration.source_version,
        target=migration.target_version,
        mapping=migration.mapping,
    )
    before = instance.state
    outcome = moving.move(instance, names, confirmed=migration.confirmed, actor=actor, now=now)
    item.findings = [asdict(finding) for finding in outcome.findings]
    item.state, item.done_at = ("moved" if outcome.moved else "refused"), now
    if outcome.moved:
        details = {
            "migration_id": migration.id,
            "from": migration.source_version,
            "to": migration.target_version,
            "reason": migration.reason,
        }
        log.record("migrate", instance_id=instance_id, actor=actor, now=now, details=details)
        if outcome.at_rest:
            item.before, item.revision = before, instance.revision
    return item.state


def _candidates(source_id: str, instance_ids: Sequence[str] | None) -> sa.Select[Instance]:
    query = sa.select(Instance).where(Instance.definition_id == source_id, Instance.status.in_(RUNNING))
    if instance_ids is not None:
        query = query.where(Instance.id.in_(instance_ids))
    return query.order_by(Instance.id)
