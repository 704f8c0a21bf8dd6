"""The tables of running instances. Only what is asked of them by index stands in columns; the rest is the state.

A million tasks with a hundred thousand open is the size to think of: lists read `task`
and `task_candidate` by one index range and never an instance's state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.kernel.db import Base, new_id

Identity = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A rising number: append-only rows are read in the order they were written."""

UnitPath = sa.String(250).with_variant(sa.String(250, collation="C"), "postgresql")
"""A place in the organisation tree, in binary order, so that a subtree is a range of an index."""


class Instance(Base):
    """A process instance. `state` is a versioned blob (`state.py`), changed only with `revision`."""

    __tablename__ = "instance"
    __table_args__ = (
        sa.CheckConstraint("status in ('active', 'suspended', 'completed', 'failed', 'terminated')", name="status"),
        sa.Index("ix_instance_process_key_status", "process_key", "status", "started_at"),
        sa.Index("ix_instance_unit_path", "unit_path", "started_at"),
        sa.Index(
            "ix_instance_ended_at",
            "ended_at",
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    definition_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    process_key: Mapped[str] = mapped_column(sa.String(100))
    business_key: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    title_en: Mapped[str] = mapped_column(sa.String(300), default="")
    unit_code: Mapped[str | None] = mapped_column(sa.String(50))
    unit_path: Mapped[str | None] = mapped_column(UnitPath)
    priority: Mapped[int] = mapped_column(default=50)
    search: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(12), default="active")
    parent_id: Mapped[str | None] = mapped_column(sa.String(36), index=True)
    started_at: Mapped[datetime]
    started_by: Mapped[str] = mapped_column(sa.String(100))
    ended_at: Mapped[datetime | None]
    end_element: Mapped[str | None] = mapped_column(sa.String(150))
    revision: Mapped[int] = mapped_column()
    state: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's own name)


class Task(Base):
    """A user task as the inbox shows it. `token` is the task inside the instance's state."""

    __tablename__ = "task"
    __table_args__ = (
        sa.CheckConstraint("state in ('open', 'done', 'cancelled')", name="state"),
        sa.Index("ix_task_instance_id_state", "instance_id", "state"),
        sa.Index("ix_task_assignee_id_state_due_at", "assignee_id", "state", "due_at", "id"),
        sa.Index("ix_task_assignee_id_state_created_at", "assignee_id", "state", "created_at", "id"),
        sa.Index("ix_task_assignee_id_state_priority", "assignee_id", "state", "priority", "id"),
        sa.Index("ix_task_owner_id_state", "owner_id", "state"),
        sa.Index("ix_task_state_due_at", "state", "due_at", "id"),
        sa.Index("ix_task_state_created_at", "state", "created_at", "id"),
        sa.Index("ix_task_state_priority", "state", "priority", "id"),
        sa.Index("ix_task_state_unit_path", "state", "unit_path", "due_at", "id"),
        sa.Index("ix_task_business_key", "business_key"),
        sa.Index(
            "ix_task_completed_by_completed_at",
            "completed_by",
            "completed_at",
            "id",
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"))
    token: Mapped[str] = mapped_column(sa.String(36))
    definition_id: Mapped[str] = mapped_column(sa.String(36))
    process_key: Mapped[str] = mapped_column(sa.String(100))
    element_id: Mapped[str] = mapped_column(sa.String(150))
    name: Mapped[str] = mapped_column(sa.String(300))
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    form_key: Mapped[str | None] = mapped_column(sa.String(150))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    assignee_id: Mapped[int | None]
    owner_id: Mapped[int | None]
    unit_code: Mapped[str | None] = mapped_column(sa.String(50))
    unit_path: Mapped[str | None] = mapped_column(UnitPath)
    priority: Mapped[int] = mapped_column(default=50)
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    title_en: Mapped[str] = mapped_column(sa.String(300), default="")
    business_key: Mapped[str | None] = mapped_column(sa.String(100))
    search: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(sa.String(100))


class TaskCandidate(Base):
    """Who may take a task: `ref` is a group (`dispatcher@GM-LJ`) or a sign-in name.

    `open`, `due_at`, `priority` and `created_at` repeat the task's, `held` says that somebody
    has it, so that the list of a group is one range of an index however many of its tasks
    are taken. Tasks taken before `held` was kept stand as not held until they are touched:
    who reads by it checks the task too.
    """

    __tablename__ = "task_candidate"
    __table_args__ = (
        sa.Index("ix_task_candidate_ref_due_at", "kind", "ref", "open", "held", "due_at", "task_id"),
        sa.Index("ix_task_candidate_ref_created_at", "kind", "ref", "open", "held", "created_at", "task_id"),
        sa.Index("ix_task_candidate_ref_priority", "kind", "ref", "open", "held", "priority", "task_id"),
    )

    task_id: Mapped[str] = mapped_column(sa.ForeignKey("task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(150), primary_key=True)
    open: Mapped[bool] = mapped_column(default=True)
    held: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    due_at: Mapped[datetime | None]
    priority: Mapped[int]
    created_at: Mapped[datetime]

    task: Mapped[Task] = relationship(lazy="raise")
    """Never loaded: it tells the unit of work to insert the task first."""


class Timer(Base):
    """A waiting timer: of an instance, or of a definition, to start one.

    `run_at` is when the clock looks at it: `due_at`, later after failures, None while
    parked. A start timer has no token; `left` says how often it will start an instance
    (None: without end).
    """

    __tablename__ = "timer"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    definition_id: Mapped[str | None] = mapped_column(sa.ForeignKey("definition.id"), index=True)
    token: Mapped[str] = mapped_column(sa.String(36), default="")
    left: Mapped[int | None] = mapped_column(default=None)
    element_id: Mapped[str] = mapped_column(sa.String(150))
    due_at: Mapped[datetime]
    run_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)


class Subscription(Base):
    """An instance that waits for a message or signal, or a definition that is started by one.

    `correlation` is the normal form of `correlation.py` ("" for a start).
    """

    __tablename__ = "subscription"
    __table_args__ = (sa.Index("ix_subscription_name_correlation", "kind", "name", "correlation"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    instance_id: Mapped[str | None] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    definition_id: Mapped[str | None] = mapped_column(sa.ForeignKey("definition.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(500))
    kind: Mapped[str] = mapped_column(sa.String(7))
    name: Mapped[str] = mapped_column(sa.String(150))
    element_id: Mapped[str] = mapped_column(sa.String(150))
    correlation: Mapped[str] = mapped_column(sa.String(300))


class Message(Base):
    """A published message that is kept: one nobody waited for yet, or one whose key must not be used again.

    `state` is `waiting` (until `expires_at`) or `delivered` (to `instance_ids`).
    `correlation` holds the values it was addressed by.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.CheckConstraint("state in ('waiting', 'delivered')", name="state"),
        sa.Index("ix_message_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.String(150))
    key: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    state: Mapped[str] = mapped_column(sa.String(9))
    correlation: Mapped[dict[str, Any]]
    payload: Mapped[dict[str, Any]]
    instance_ids: Mapped[list[str]]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(sa.String(100))
    expires_at: Mapped[datetime | None]


class MessageAddress(Base):
    """One of the normal forms a waiting event may ask a kept message by (`correlation.subsets`)."""

    __tablename__ = "message_address"
    __table_args__ = (sa.Index("ix_message_address_name_correlation", "name", "correlation"),)

    message_id: Mapped[str] = mapped_column(sa.ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    correlation: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(150))


class Incident(Base):
    """A step that waits for an operator."""

    __tablename__ = "incident"
    __table_args__ = (
        sa.CheckConstraint("state in ('open', 'resolved')", name="state"),
        sa.Index("ix_incident_state_opened_at", "state", "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    process_key: Mapped[str] = mapped_column(sa.String(100))
    business_key: Mapped[str | None] = mapped_column(sa.String(100))
    unit_path: Mapped[str | None] = mapped_column(sa.String(250))
    token: Mapped[str] = mapped_column(sa.String(36))
    element_id: Mapped[str] = mapped_column(sa.String(150))
    kind: Mapped[str] = mapped_column(sa.String(10))
    message: Mapped[str] = mapped_column(sa.Text)
    trace: Mapped[str] = mapped_column(sa.Text)
    attempts: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(sa.String(100))
    resolution: Mapped[str | None] = mapped_column(sa.String(1000))


class ActivityHistory(Base):
    """One finished passage through an element, with the variables it changed. Rows are only added.

    `unit_path` is whose it was when it ended ("" nobody's; NULL in rows of before it was kept).
    """

    __tablename__ = "activity_history"
    __table_args__ = (sa.Index("ix_activity_history_element", "process_key", "element_id", "ended_at"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    unit_path: Mapped[str | None] = mapped_column(UnitPath)
    definition_id: Mapped[str] = mapped_column(sa.String(36))
    process_key: Mapped[str] = mapped_column(sa.String(100))
    element_id: Mapped[str] = mapped_column(sa.String(150))
    kind: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    name_en: Mapped[str] = mapped_column(sa.String(300), default="")
    token: Mapped[str] = mapped_column(sa.String(36))
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(sa.String(10))
    actor: Mapped[str] = mapped_column(sa.String(100))
    sources: Mapped[list[str]]
    changes: Mapped[dict[str, Any]]


class OperationLog(Base):
    """What was done to an instance or task by somebody. Rows are only added."""

    __tablename__ = "operation_log"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.ForeignKey("instance.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    operation: Mapped[str] = mapped_column(sa.String(40))
    actor: Mapped[str] = mapped_column(sa.String(100))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]
