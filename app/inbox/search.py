"""Finding running cases by text: title, business key and what the domain adds, whatever their tasks.

One entry a case, kept in step by the engine's events; it goes when the case ends, so that
the index stays as small as the work that is left.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.search import SearchIndex

index = SearchIndex("case", sa.String(36))


def cases_matching(text: str) -> sa.Select[tuple[Any]]:
    """A select of the ids of running cases whose text has every word."""
    return index.match(text)


def _started(case: engine.InstanceView, /, *, actor: Actor, now: datetime) -> None:
    extra = session.scalar(sa.select(engine.Instance.search).where(engine.Instance.id == case.id)) or ""
    _put(case.id, case.business_key, case.title, case.title_en, extra)


def _changed(task: engine.TaskView, /, *, actor: Actor, now: datetime) -> None:
    _put(task.instance_id, task.business_key, task.title, task.title_en, task.search)


def _ended(case: engine.InstanceView, /, *, actor: Actor, now: datetime) -> None:
    index.drop(case.id)


def _put(instance_id: str, *texts: str | None) -> None:
    index.put(instance_id, "\n".join(text for text in texts if text))


def follow_cases() -> None:
    """Keep the index in step with the engine."""
    engine.on("instance.started", _started)
    engine.on("task.changed", _changed)
    engine.on("instance.ended", _ended)
