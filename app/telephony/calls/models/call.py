"""A call, its legs, its steps through flows, and what was recorded of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Call(Base):
    """One call, in or out. `key` is FreeSWITCH's own name of the channel.

    `outcome` is how it went: `self_service` (served by the flow), `agent` (talked with somebody), `abandoned`
    (left while waiting for somebody), `transferred`, `fallback` (handed to the dialplan's fallback),
    `confirmed`, `not_confirmed`, `fax`, empty while it runs. `cause` is the cause of its end as the switch
    says it, `LOST` where nobody saw it. `last_node` is `flow/node` where it ended.
    """

    __tablename__ = "call"
    __table_args__ = (
        sa.Index("ix_call_began", "began_at", "id"),
        sa.Index("ix_call_number", "number", "began_at"),
        sa.Index("ix_call_account", "account_no", "began_at"),
        sa.Index("ix_call_scope", "unit_path", "began_at"),
        sa.Index(
            "ix_call_open",
            "server",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    direction: Mapped[str] = mapped_column(sa.String(10), default="in")
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    called: Mapped[str] = mapped_column(sa.String(40), default="")
    server: Mapped[str] = mapped_column(sa.String(80), default="")
    flow: Mapped[str] = mapped_column(sa.String(80), default="")
    version: Mapped[str] = mapped_column(sa.String(80), default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    account_no: Mapped[str] = mapped_column(sa.String(32), default="")
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    began_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(sa.String(60), default="")
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    last_node: Mapped[str] = mapped_column(sa.String(200), default="")
    queue: Mapped[str] = mapped_column(sa.String(60), default="")
    agent: Mapped[str] = mapped_column(sa.String(80), default="")
    waited: Mapped[int] = mapped_column(default=0)
    talked: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CallLeg(Base):
    """One party of a call: the caller, an agent, a number joined, a fax machine. `uuid` is its channel."""

    __tablename__ = "call_leg"
    __table_args__ = (sa.UniqueConstraint("call_id", "n", name="uq_call_leg_call_id_n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id", ondelete="CASCADE"))
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    party: Mapped[str] = mapped_column(sa.String(80), default="")
    queue: Mapped[str] = mapped_column(sa.String(60), default="")
    uuid: Mapped[str] = mapped_column(sa.String(80), default="")
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(sa.String(40), default="")


class RecordingPause(Base):
    """Somebody asked that the recording of a running call be silent (`paused`) or heard again; `by` their name.

    `done` is what the ivr process did last, empty before it did anything.
    """

    __tablename__ = "recording_pause"

    call_key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    paused: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
    done: Mapped[bool | None]


class CallStep(Base):
    """One node that a call passed. `exit` is the way it was left, empty for the one it ended at.

    `input` holds what the caller pressed, `****` where the node masks it.
    """

    __tablename__ = "call_step"
    __table_args__ = (sa.UniqueConstraint("call_id", "n", name="uq_call_step_call_id_n"),)

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id", ondelete="CASCADE"))
    n: Mapped[int]
    at: Mapped[datetime]
    flow: Mapped[str] = mapped_column(sa.String(80))
    version: Mapped[str] = mapped_column(sa.String(80), default="")
    node: Mapped[str] = mapped_column(sa.String(100))
    kind: Mapped[str] = mapped_column(sa.String(30), default="")
    exit: Mapped[str] = mapped_column(sa.String(60), default="")
    input: Mapped[str] = mapped_column(sa.String(60), default="")
    seconds: Mapped[float] = mapped_column(sa.Double(), default=0.0)
    note: Mapped[str] = mapped_column(sa.String(200), default="")


class CallRecording(Base):
    """A recording of a call: `talk` (with an agent, both sides), `whole` (the whole call), `message` (left by the
    caller), `fax`.

    `path` is where the switch writes it, below the folder of recordings; until it is taken in after the call
    `file_id` is empty. A recording that nobody found has neither.
    """

    __tablename__ = "call_recording"
    __table_args__ = (
        sa.Index("ix_call_recording_call", "call_id"),
        sa.Index(
            "uq_call_recording_path",
            "call_key",
            "path",
            unique=True,
            sqlite_where=sa.text("path <> ''"),
            postgresql_where=sa.text("path <> ''"),
        ),
        sa.Index(
            "ix_call_recording_waiting",
            "id",
            sqlite_where=sa.text("file_id IS NULL AND path <> ''"),
            postgresql_where=sa.text("file_id IS NULL AND path <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call.id", ondelete="SET NULL"))
    call_key: Mapped[str] = mapped_column(sa.String(80), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    path: Mapped[str] = mapped_column(sa.String(300), default="")
    seconds: Mapped[float] = mapped_column(sa.Double(), default=0.0)
    at: Mapped[datetime]
