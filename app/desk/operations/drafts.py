"""Keeping what an agent has typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.desk.models import DeskDraft
from app.kernel.actor import Actor
from app.kernel.db import session

MOST_FIELDS = 80
LONGEST = 4000


def keep_draft(values: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """Keep the fields as typed, instead of those kept before; very long and very many are cut."""
    if actor.id is None:
        return
    kept = {name[:80]: value[:LONGEST] for name, value in list(values.items())[:MOST_FIELDS]}
    row = session.get(DeskDraft, actor.id)
    if row is None:
        row = DeskDraft(agent_id=actor.id, values={}, at=now)
        session.add(row)
    row.values, row.at = dict(kept), now


def draft_of(agent_id: int) -> dict[str, str]:
    """What the agent typed last and did not send."""
    row = session.get(DeskDraft, agent_id)
    return dict(row.values) if row is not None else {}


def drop_draft(*, actor: Actor) -> None:
    """Forget it: it was sent, or a new conversation begins."""
    row = session.get(DeskDraft, actor.id) if actor.id is not None else None
    if row is not None:
        session.delete(row)
        session.flush()
