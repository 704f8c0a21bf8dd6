"""Deployed definitions: diagrams, decision tables and forms, each version kept for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Json, new_id


class DeploymentRow(Base):
    """One act of deploying files together."""

    __tablename__ = "deployment"

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str] = mapped_column(sa.String(120))


class Definition(Base):
    """One version of a process (`bpmn`), decision (`dmn`) or form (`form`).

    `content` is the file as it was given; `normalized` is the diagram the engine runs, with
    its hash. `bindings` pins what it names to definition ids (`bpmn:<key>`, `dmn:<key>`,
    `form:<key>`). A file with several decisions makes a row for each.
    """

    __tablename__ = "definition"
    __table_args__ = (sa.UniqueConstraint("kind", "key", "version"),)

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(8))
    key: Mapped[str] = mapped_column(sa.String(255))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(255), default="")
    name_en: Mapped[str] = mapped_column(sa.String(255), default="")
    resource: Mapped[str] = mapped_column(sa.String(500))
    content: Mapped[bytes]
    content_sha: Mapped[str] = mapped_column(sa.String(64))
    normalized: Mapped[str | None] = mapped_column(sa.Text)
    normalized_sha: Mapped[str | None] = mapped_column(sa.String(64))
    elements: Mapped[list[Any]] = mapped_column(Json, default=list)
    bindings: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    deployment_id: Mapped[str] = mapped_column(sa.ForeignKey("deployment.id"), index=True)
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str] = mapped_column(sa.String(120))
    suspended: Mapped[bool] = mapped_column(default=False)
    starts_indexed: Mapped[bool] = mapped_column(default=False, server_default=sa.text("false"))
    """Whether the rows of its start events are written (`runtime.start_index`)."""
