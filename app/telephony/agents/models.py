"""Queues, agents and who serves which queue."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

STRATEGIES = (
    "longest-idle-agent",
    "round-robin",
    "top-down",
    "agent-with-least-talk-time",
    "agent-with-fewest-calls",
    "sequentially-by-agent-order",
    "ring-all",
    "random",
)
"""What mod_callcenter knows."""


class PhoneQueue(Base):
    """A queue (队列). `max_wait` in seconds, 0 for none; `most` callers may wait, 0 for no bound."""

    __tablename__ = "phone_queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    strategy: Mapped[str] = mapped_column(sa.String(40), default="longest-idle-agent")
    max_wait: Mapped[int] = mapped_column(default=600)
    most: Mapped[int] = mapped_column(default=0)
    record: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]


KINDS = ("browser", "telephone")


class PhoneAgent(Base):
    """A person's telephone (坐席分机): its extension and the hash for signing in with it.

    `kind` says what rings: the desk's page in the browser (`browser`), whose password is made anew by each desk that
    opens (`seat` names that desk) and is good until `expires_at`; or a telephone of its own (`telephone`), whose
    password stays.
    """

    __tablename__ = "phone_agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    extension: Mapped[str] = mapped_column(sa.String(20), unique=True)
    username: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(10), default="telephone")
    a1_hash: Mapped[str] = mapped_column(sa.String(32))
    seat: Mapped[str] = mapped_column(sa.String(40), default="")
    expires_at: Mapped[datetime | None]
    wrap_up: Mapped[int] = mapped_column(default=15)
    rings: Mapped[int] = mapped_column(default=20)
    max_no_answer: Mapped[int] = mapped_column(default=3)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]


class PhoneTier(Base):
    """An agent serves a queue: lower levels are asked first."""

    __tablename__ = "phone_tier"

    queue_id: Mapped[int] = mapped_column(sa.ForeignKey("phone_queue.id", ondelete="CASCADE"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("phone_agent.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=1)


class PauseReason(Base):
    """Why an agent takes no calls for a while (示忙原因): what they choose from at the desk."""

    __tablename__ = "pause_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(30))
    name_en: Mapped[str] = mapped_column(sa.String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
