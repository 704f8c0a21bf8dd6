"""Scheduled imports: where files come from, how often, and which were seen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ImportSchedule(Base):
    """A place that is looked at every `every_minutes`.

    `kind` is `folder` (a path below the installation's root for imports) or `url`; `pattern` picks names in a
    folder. `token_name` is the name of the environment variable with the token, never the token. `failures`
    counts looks in a row that failed, `error` says why the last one did.
    """

    __tablename__ = "import_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("import_profile.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    location: Mapped[str] = mapped_column(sa.String(500))
    pattern: Mapped[str] = mapped_column(sa.String(100), default="*")
    token_name: Mapped[str] = mapped_column(sa.String(80), default="")
    every_minutes: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    owner: Mapped[str] = mapped_column(sa.String(80))
    owner_id: Mapped[int | None]
    next_at: Mapped[datetime] = mapped_column(index=True)
    looked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(sa.String(500), default="")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class SeenFile(Base):
    """A file a schedule has taken, so that none is taken twice even where it could not be moved away.

    `mark` is the hash of name, size and time of a file in a folder, or of the content of an address; `moved` says
    that nothing of it is left to be put away. Without `import_id` the file was not accepted at all.
    """

    __tablename__ = "import_seen_file"
    __table_args__ = (sa.UniqueConstraint("schedule_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("import_schedule.id"))
    mark: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(255))
    moved: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("data_import.id"))
    at: Mapped[datetime]
