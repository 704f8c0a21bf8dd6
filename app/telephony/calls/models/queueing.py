"""What queues and agents did, as FreeSWITCH told it: rows for calls' time-lines and for statistics of queues."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class QueueVisit(Base):
    """One caller's stay in a queue. `outcome`: `answered`, `abandoned`, `timeout`, `key`, `lost`, or empty.

    `offered_to` is the agent whose telephone rings now, `agent_uuid` the channel of the one who answered.
    """

    __tablename__ = "queue_visit"
    __table_args__ = (
        sa.Index("ix_queue_visit_queue", "queue", "joined_at"),
        sa.Index("ix_queue_visit_call", "call_key"),
        sa.Index("ix_queue_visit_open", "left_at", "joined_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member: Mapped[str] = mapped_column(sa.String(80), unique=True)
    queue: Mapped[str] = mapped_column(sa.String(60))
    call_key: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    joined_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    offered: Mapped[int] = mapped_column(default=0)
    offered_to: Mapped[str] = mapped_column(sa.String(80), default="")
    agent: Mapped[str] = mapped_column(sa.String(80), default="")
    agent_uuid: Mapped[str] = mapped_column(sa.String(80), default="")
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")


class AgentChange(Base):
    """An agent's status (`Available`, `On Break`, `Logged Out`) or state (`Waiting`, `Receiving`, …) from then on.

    `reason` is why they are on a break, a code of `pause_reason` or of the house.
    """

    __tablename__ = "agent_change"
    __table_args__ = (sa.Index("ix_agent_change_agent", "agent", "what", "id"), sa.Index("ix_agent_change_at", "at"))

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    agent: Mapped[str] = mapped_column(sa.String(80))
    what: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    at: Mapped[datetime]
