"""Finding deployed definitions. Reads only."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import defer

from app.engine.definitions.bindings import LATEST
from app.engine.definitions.models import Definition, DeploymentRow
from app.engine.definitions.views import DefinitionView, PastDeployment, view
from app.kernel.db import session
from app.kernel.errors import NotFound

_WITHOUT_TEXT = (defer(Definition.content), defer(Definition.normalized), defer(Definition.elements))


class DefinitionNotFound(NotFound):
    """No definition of this id or key is deployed."""

    code = "definition_not_found"


def newest_id(kind: str, key: str) -> str | None:
    """The id of the newest version, None where the key is unknown."""
    return cast(str | None, session.scalar(_NEWEST_ID, {"kind": kind, "key": key}))


_NEWEST_ID = (
    sa.select(Definition.id)
    .where(Definition.kind == sa.bindparam("kind"), Definition.key == sa.bindparam("key"))
    .order_by(Definition.version.desc())
    .limit(1)
)

_NEWEST = (
    sa.select(Definition.id, Definition.suspended)
    .where(Definition.kind == "bpmn", Definition.key == sa.bindparam("key"))
    .order_by(Definition.version.desc())
    .limit(1)
)


def newest_process(key: str) -> tuple[str, bool]:
    """The id of the newest version of a process, and whether it is suspended. Raises `DefinitionNotFound`.

    Two values, not the whole row: each start asks for them.
    """
    row = session.execute(_NEWEST, {"key": key}).one_or_none()
    if row is None:
        raise DefinitionNotFound(_l("There is no definition %(key)s.", key=key), reference=key)
    return row.id, row.suspended


def get_definition(reference: str, *, kind: str = "bpmn") -> DefinitionView:
    """A definition by its id, or the newest version by its key. Raises `DefinitionNotFound`."""
    row = session.get(Definition, reference, options=_WITHOUT_TEXT)
    if row is None:
        found = newest_id(kind, reference)
        row = session.get(Definition, found, options=_WITHOUT_TEXT) if found else None
    if row is None:
        raise DefinitionNotFound(_l("There is no definition %(key)s.", key=reference), reference=reference)
    return view(row)


def list_definitions(*, kind: str | None = None, all_versions: bool = False) -> list[DefinitionView]:
    """The newest version of every key (or all versions), by kind and key."""
    query = sa.select(Definition).options(*_WITHOUT_TEXT)
    if kind is not None:
        query = query.where(Definition.kind == kind)
    if not all_versions:
        other = sa.orm.aliased(Definition)
        newest = (
            sa.select(sa.func.max(other.version))
            .where(other.kind == Definition.kind, other.key == Definition.key)
            .scalar_subquery()
        )
        query = query.where(Definition.version == newest)
    rows: Sequence[Definition] = session.scalars(
        query.order_by(Definition.kind, Definition.key, Definition.version)
    ).all()
    return [view(row) for row in rows]


def list_deployments(*, before: str | None = None, limit: int = 50) -> list[PastDeployment]:
    """What was deployed when and by whom, the latest first; `before` is the last id of the page before."""
    query = sa.select(DeploymentRow).order_by(DeploymentRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(DeploymentRow.id < before)
    rows = session.scalars(query).all()
    made: dict[str, list[DefinitionView]] = defaultdict(list)
    mine = sa.select(Definition).options(*_WITHOUT_TEXT).where(Definition.deployment_id.in_([row.id for row in rows]))
    for one in session.scalars(mine.order_by(Definition.kind, Definition.key)):
        made[one.deployment_id].append(view(one))
    return [PastDeployment(row.id, row.deployed_at, row.deployed_by, tuple(made[row.id])) for row in rows]


def content(definition_id: str) -> bytes:
    """The file as it was deployed. Raises `DefinitionNotFound`."""
    found = session.scalar(sa.select(Definition.content).where(Definition.id == definition_id))
    if found is None:
        raise DefinitionNotFound(_l("There is no definition %(key)s.", key=definition_id), reference=definition_id)
    return found


def form(definition_id: str, form_key: str) -> dict[str, Any]:
    """The form of this id as the process binds it, pinned at its deployment or the newest.

    Raises `DefinitionNotFound`.
    """
    bindings = session.scalar(sa.select(Definition.bindings).where(Definition.id == definition_id)) or {}
    bound = bindings.get(f"form:{form_key}")
    form_id = bound if bound and bound != LATEST else newest_id("form", form_key)
    if form_id is None:
        raise DefinitionNotFound(_l("There is no form %(key)s.", key=form_key), reference=form_key)
    return cast(dict[str, Any], json.loads(content(form_id)))
