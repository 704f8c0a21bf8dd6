"""Reading migrations and their results."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.definitions.models import Definition
from app.engine.migration.judgement import Finding
from app.engine.migration.models import Migration, MigrationItem
from app.engine.migration.views import MigrationResult, MigrationView
from app.engine.runtime.models import Instance
from app.kernel.db import session
from app.kernel.errors import NotFound


class MigrationNotFound(NotFound):
    code = "migration_not_found"


def get_migration(migration_id: str) -> MigrationView:
    """Raises `MigrationNotFound`."""
    row = session.get(Migration, migration_id)
    if row is None:
        raise MigrationNotFound(_l("There is no such migration."), migration_id=migration_id)
    return _view(row)


def list_migrations(*, process_key: str | None = None, limit: int = 100) -> list[MigrationView]:
    """Migrations, the latest first."""
    query = sa.select(Migration).order_by(Migration.id.desc()).limit(limit)
    if process_key is not None:
        query = query.where(Migration.process_key == process_key)
    return [_view(row) for row in session.scalars(query)]


def running_by_version(process_key: str) -> dict[int, int]:
    """How many cases run on which version of a process."""
    query = (
        sa.select(Definition.version, sa.func.count())
        .join(Instance, Instance.definition_id == Definition.id)
        .where(Instance.process_key == process_key, Instance.status.in_(("active", "suspended")))
        .group_by(Definition.version)
    )
    return {version: count for version, count in session.execute(query)}


def results(
    migration_id: str, *, state: str | None = None, after: str | None = None, limit: int = 100
) -> list[MigrationResult]:
    """What became of each instance, by id; `after` is the last id of the page before."""
    query = (
        sa.select(MigrationItem, Instance.business_key, Instance.title, Instance.revision)
        .join(Instance, Instance.id == MigrationItem.instance_id)
        .where(MigrationItem.migration_id == migration_id)
        .order_by(MigrationItem.instance_id)
        .limit(limit)
    )
    if state is not None:
        query = query.where(MigrationItem.state == state)
    if after is not None:
        query = query.where(MigrationItem.instance_id > after)
    return [
        MigrationResult(
            instance_id=item.instance_id,
            business_key=business_key,
            title=title,
            state=item.state,
            findings=tuple(Finding(**finding) for finding in item.findings),
            can_revert=item.state == "moved" and item.revision == revision,
            done_at=item.done_at,
        )
        for item, business_key, title, revision in session.execute(query)
    ]


def _view(row: Migration) -> MigrationView:
    counted = (
        sa.select(MigrationItem.state, sa.func.count())
        .where(MigrationItem.migration_id == row.id)
        .group_by(MigrationItem.state)
    )
    return MigrationView(
        id=row.id, process_key=row.process_key, source_id=row.source_id, target_id=row.target_id,
        source_version=row.source_version, target_version=row.target_version, mapping=dict(row.mapping),
        confirmed=row.confirmed, reason=row.reason, state=row.state, created_at=row.created_at,
        created_by=row.created_by, finished_at=row.finished_at,
        counts={state: count for state, count in session.execute(counted)},
    )  # fmt: skip
