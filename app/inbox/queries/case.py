"""What people added to a case: comments, files and photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.inbox.models import CaseFile, TaskComment
from app.kernel.db import session
from app.kernel.files import StoredFile


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a case; `id` is its id there, `file_id` the stored file's. `size` in bytes."""

    id: int
    file_id: int
    title: str
    name: str
    media_type: str
    size: int
    is_picture: bool
    at: datetime
    author: str
    author_id: int | None
    removed_at: datetime | None
    removed_by: str | None


@dataclass(frozen=True, slots=True)
class CommentView:
    id: int
    at: datetime
    author: str
    text: str


def files_of(instance_id: str) -> list[FileView]:
    """Every file the case ever had, newest first; removed ones say so."""
    query = (
        sa.select(CaseFile, StoredFile)
        .join(StoredFile, StoredFile.id == CaseFile.file_id)
        .where(CaseFile.instance_id == instance_id)
        .order_by(CaseFile.at.desc(), CaseFile.id.desc())
    )
    return [_file(row, stored) for row, stored in session.execute(query)]


def comments_of(instance_id: str) -> list[CommentView]:
    """The comments of a case, newest first."""
    query = sa.select(TaskComment).where(TaskComment.instance_id == instance_id)
    rows = session.scalars(query.order_by(TaskComment.at.desc(), TaskComment.id.desc()))
    return [CommentView(row.id, row.at, row.author, row.text) for row in rows]


def case_file(instance_id: str, case_file_id: int) -> FileView | None:
    """One file that is still with the case."""
    return next((f for f in files_of(instance_id) if f.id == case_file_id and f.removed_at is None), None)


def _file(row: CaseFile, stored: StoredFile) -> FileView:
    return FileView(
        id=row.id,
        file_id=row.file_id,
        title=row.title,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        is_picture=stored.is_picture,
        at=row.at,
        author=row.author,
        author_id=row.author_id,
        removed_at=row.removed_at,
        removed_by=row.removed_by,
    )
