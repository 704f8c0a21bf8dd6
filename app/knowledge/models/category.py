"""Categories of articles (知识分类): a tree that follows the business."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Category(Base):
    """One branch of the tree. `path` is materialised from ids (`/3/17/`); a category is retired, never deleted."""

    __tablename__ = "knowledge_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("knowledge_category.id"))
    path: Mapped[str] = mapped_column(sa.String(200), index=True, default="")
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
