"""Tables of the inbox: what people add to a case, and the filters they keep.

Tasks themselves belong to the engine. Comments and files hang on the instance, so that
they stay with the case when its tasks are done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class TaskComment(Base):
    """A remark on a case, written at one of its tasks.."""

    __tablename__ = "task_comment"
    __table_args__ = (sa.Index("ix_task_comment_instance_id_at", "instance_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.String(36))
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    author: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.Text)


class CaseFile(Base):
    """A stored file or photo that belongs to a case; a removed one keeps its row and says who removed it."""

    __tablename__ = "case_file"
    __table_args__ = (
        sa.Index("ix_case_file_instance_id_at", "instance_id", "at"),
        sa.UniqueConstraint("instance_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.String(36))
    task_id: Mapped[str | None] = mapped_column(sa.String(36))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    author: Mapped[str] = mapped_column(sa.String(64))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(sa.String(64))


class TaskNote(Base):
    """What belongs to one entry of the engine's log: the note somebody left, and for whom a substitute acted.

    `task_id`, `action` (the log's word, or `complete`) and `at` name the entry.
    """

    __tablename__ = "task_note"
    __table_args__ = (sa.Index("ix_task_note_instance_id_at", "instance_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(sa.String(36))
    task_id: Mapped[str] = mapped_column(sa.String(36))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(64))
    action: Mapped[str] = mapped_column(sa.String(30))
    on_behalf_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    text: Mapped[str] = mapped_column(sa.String(500), default="")


class SavedFilter(Base):
    """A named filter of the task list; with `shared_post` everyone holding that post sees it."""

    __tablename__ = "saved_filter"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    scope: Mapped[str] = mapped_column(sa.String(10))
    params: Mapped[dict[str, Any]]
    shared_post: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    created_at: Mapped[datetime]
