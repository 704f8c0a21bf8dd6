"""Keep, find and drop what a person typed and has not sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.forms.models import FormDraft
from app.kernel.actor import Actor
from app.kernel.db import run, session
from app.kernel.errors import LightlineError
from app.kernel.registry import registry

MAX_BYTES = 256 * 1024
KEPT = timedelta(days=90)


class DraftTooLarge(LightlineError):
    status = 413
    code = "draft_too_large"


@dataclass(frozen=True, slots=True)
class Draft:
    data: dict[str, Any]
    saved_at: datetime


def save_draft(
    task_id: str,
    user_id: int,
    data: Mapping[str, Any],
    *,
    actor: Actor,  # noqa: ARG001 - every operation takes it; drafts are not audited
    now: datetime,
) -> Draft:
    """Keep the data as this person's draft of this task, over an older one."""
    if len(orjson.dumps(data)) > MAX_BYTES:
        raise DraftTooLarge(_l("The draft is too large to be kept."))
    row = session.get(FormDraft, (task_id, user_id))
    if row is None:
        row = FormDraft(task_id=task_id, user_id=user_id)
        session.add(row)
    row.data, row.saved_at = dict(data), now
    session.flush()
    return Draft(row.data, now)


def load_draft(task_id: str, user_id: int) -> Draft | None:
    row = session.get(FormDraft, (task_id, user_id))
    return Draft(dict(row.data), row.saved_at) if row else None


def drop_draft(task_id: str, user_id: int | None = None) -> None:
    """Forget a person's draft of a task, or everybody's (when the task is done)."""
    statement = sa.delete(FormDraft).where(FormDraft.task_id == task_id)
    if user_id is not None:
        statement = statement.where(FormDraft.user_id == user_id)
    session.execute(statement)


@registry.sweep("form_drafts", every=timedelta(hours=6))
def drop_old(now: datetime) -> int:
    """Forget drafts that nobody touched for 90 days."""
    result = run(lambda: session.execute(sa.delete(FormDraft).where(FormDraft.saved_at < now - KEPT)))
    return int(getattr(result, "rowcount", 0))
