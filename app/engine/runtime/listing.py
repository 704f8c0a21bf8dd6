"""Lists of instances for operators: by process, version, status, business key and place, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.engine.runtime.models import Instance
from app.engine.runtime.rows import instance_view
from app.engine.runtime.views import InstanceView
from app.kernel.db import session


def page_of_instances(
    *,
    paths: Sequence[str],
    process_key: str | None = None,
    definition_id: str | None = None,
    status: str | None = None,
    business_key: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[InstanceView]:
    """Instances within these places of the organisation ("/" is all of it), the latest first.

    Ids rise with the time of the start; `before` is the last id of the page before.
    """
    given = {
        Instance.process_key: process_key,
        Instance.definition_id: definition_id,
        Instance.status: status,
        Instance.business_key: business_key,
    }
    query = sa.select(Instance).where(*(column == value for column, value in given.items() if value is not None))
    if "/" not in paths:
        query = query.where(sa.or_(*(Instance.unit_path.startswith(path, autoescape=True) for path in paths)))
    if before is not None:
        query = query.where(Instance.id < before)
    return [instance_view(row) for row in session.scalars(query.order_by(Instance.id.desc()).limit(limit))]
