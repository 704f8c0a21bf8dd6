"""Which definition a new instance gets, and which processes a message or signal starts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.definitions import queries
from app.engine.definitions.models import Definition
from app.engine.runtime.models import Subscription
from app.engine.runtime.start_index import index_missing
from app.kernel.db import session
from app.kernel.errors import Conflict


class ProcessSuspended(Conflict):
    """No new instances of this process may be started."""

    code = "process_suspended"


def newest(key: str) -> str:
    """The id of the newest version of a process. Raises `DefinitionNotFound`, `ProcessSuspended`."""
    definition_id, suspended = queries.newest_process(key)
    if suspended:
        raise ProcessSuspended(_l("The process %(key)s is suspended.", key=key), key=key)
    return definition_id


def started_by(kind: str, name: str, *, now: datetime) -> list[str]:
    """The keys of the processes whose newest version begins with this message or signal, in order."""
    index_missing(now=now)
    query = (
        sa.select(Definition.key)
        .join(Subscription, Subscription.definition_id == Definition.id)
        .where(Subscription.kind == kind, Subscription.name == name, Definition.suspended.is_(False))
        .order_by(Definition.key)
    )
    return list(session.scalars(query))
