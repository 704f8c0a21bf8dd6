"""Queues and agents as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.agents.models import PhoneAgent, PhoneQueue, PhoneTier

MANAGE = "phone.manage"


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue; `agents` serve it."""

    code: str
    name: str
    name_en: str
    strategy: str
    max_wait: int
    most: int
    record: bool
    active: bool
    agents: int


@dataclass(frozen=True, slots=True)
class AgentView:
    """A telephone; `queues` by code with the level."""

    extension: str
    username: str
    kind: str
    wrap_up: int
    rings: int
    active: bool
    queues: Mapping[str, int]


def queues() -> list[QueueView]:
    """All queues by code."""
    grouped = session.execute(sa.select(PhoneTier.queue_id, sa.func.count()).group_by(PhoneTier.queue_id))
    counts = {queue: count for queue, count in grouped}
    return [
        QueueView(
            row.code,
            row.name,
            row.name_en,
            row.strategy,
            row.max_wait,
            row.most,
            row.record,
            row.active,
            counts.get(row.id, 0),
        )
        for row in session.scalars(sa.select(PhoneQueue).order_by(PhoneQueue.code))
    ]


def agents() -> list[AgentView]:
    """All telephones by extension, those in use first."""
    served: dict[int, dict[str, int]] = {}
    for agent_id, code, level in session.execute(
        sa.select(PhoneTier.agent_id, PhoneQueue.code, PhoneTier.level).join(
            PhoneQueue, PhoneQueue.id == PhoneTier.queue_id
        )
    ):
        served.setdefault(agent_id, {})[code] = level
    rows = session.scalars(sa.select(PhoneAgent).order_by(PhoneAgent.active.desc(), PhoneAgent.extension))
    return [
        AgentView(row.extension, row.username, row.kind, row.wrap_up, row.rings, row.active, served.get(row.id, {}))
        for row in rows
    ]


def telephone_of(username: str) -> PhoneAgent | None:
    """The telephone in use of a person."""
    return session.scalar(sa.select(PhoneAgent).where(PhoneAgent.username == username, PhoneAgent.active))
