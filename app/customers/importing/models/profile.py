"""Import profiles: how a kind of file becomes rows of ours, as an analyst mapped it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ImportProfile(Base):
    """A profile by name. `current` is the number of the version in force; a profile laid aside is not `active`."""

    __tablename__ = "import_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    target: Mapped[str] = mapped_column(sa.String(40))
    current: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class ImportProfileVersion(Base):
    """One version of a profile's content (`importing.profiles.content`); never changed once written."""

    __tablename__ = "import_profile_version"
    __table_args__ = (sa.UniqueConstraint("profile_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("import_profile.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(80))
