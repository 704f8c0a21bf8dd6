"""Drafts: what a person typed into a task's form and has not sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class FormDraft(Base):
    """One draft a person and task; `task_id` is text because other pages keep drafts under names of their own."""

    __tablename__ = "form_draft"

    task_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(index=True)
