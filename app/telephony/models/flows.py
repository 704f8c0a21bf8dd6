"""Flows (IVR 流程), their versions, and the releases that put a set of versions into force."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class IvrFlow(Base):
    """A flow by name. `draft` is what analysts work on; null where it says what the newest version says.

    The file of defaults is kept as a flow of the name `defaults`.
    """

    __tablename__ = "ivr_flow"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    draft: Mapped[str | None] = mapped_column(sa.Text)
    draft_by: Mapped[str] = mapped_column(sa.String(80), default="")
    draft_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's own name)


class IvrFlowVersion(Base):
    """A content of a flow: never changed, one row for each content. `coverage` is per cent, of its transcripts."""

    __tablename__ = "ivr_flow_version"
    __table_args__ = (sa.UniqueConstraint("flow_id", "hash"), sa.UniqueConstraint("flow_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[int] = mapped_column(sa.ForeignKey("ivr_flow.id"))
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    content: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.String(500))
    title_en: Mapped[str] = mapped_column(sa.String(500))
    nodes: Mapped[int]
    coverage: Mapped[float]
    made_by: Mapped[str] = mapped_column(sa.String(80))
    made_at: Mapped[datetime]


class IvrRelease(Base):
    """A set of versions put into force: the newest release is what calls that begin now use.

    `back_to` is the release whose versions a roll-back brought again.
    """

    __tablename__ = "ivr_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    back_to: Mapped[int | None]


class IvrReleaseFlow(Base):
    """A version that belongs to a release."""

    __tablename__ = "ivr_release_flow"

    release_id: Mapped[int] = mapped_column(sa.ForeignKey("ivr_release.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("ivr_flow_version.id"), primary_key=True, index=True)
