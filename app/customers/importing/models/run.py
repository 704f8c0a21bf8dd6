"""One import of one file, and what was wrong with its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import BigId
from app.kernel.db import Base


class DataImport(Base):
    """An import from its upload to its end.

    `state`: `new` (uploaded) -> `checking` -> `checked` (every row is good) or `refused` (some are not, or the
    file cannot be read) -> `writing` -> `done`, or `failed`; `cancelled` by a person. `sha256` with `target`
    recognises a file that came before. `claim` holds both while an import writes or is done and was not
    confirmed as a repetition: being unique it lets one of two imports of one file through. `rows` counts
    data rows, `read` those of the present pass so far, `good`/`bad` rows; `created`, `changed`, `same` what
    became of them. `content` is the profile's content as used. `unit_path` is the unit that holds all units its
    creator may import for: who may import there may see it.
    """

    __tablename__ = "data_import"
    __table_args__ = (
        sa.Index("ix_data_import_file", "sha256", "target"),
        sa.Index("ix_data_import_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    target: Mapped[str] = mapped_column(sa.String(40))
    profile_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_profile_version.id"))
    schedule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_schedule.id"))
    content: Mapped[dict[str, Any]]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    unit_path: Mapped[str] = mapped_column(sa.String(200), default="/")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    claim: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    repetition: Mapped[bool] = mapped_column(default=False)
    at_once: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(12), default="new")
    described: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rows: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))
    created_by_id: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class ImportProblem(Base):
    """Why a row is bad: `place` as the file's reader knows it (`C12`), a reason's `code` with its `params`."""

    __tablename__ = "import_problem"
    __table_args__ = (sa.Index("ix_import_problem_import", "import_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("data_import.id"))
    line: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(20))
    field: Mapped[str] = mapped_column(sa.String(40), default="")
    header: Mapped[str] = mapped_column(sa.String(100), default="")
    shown: Mapped[str] = mapped_column(sa.String(200), default="")
    code: Mapped[str] = mapped_column(sa.String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
