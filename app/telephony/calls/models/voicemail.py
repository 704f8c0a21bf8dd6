"""Messages that callers left for people (语音留言)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Voicemail(Base):
    """One message in a mailbox; `done_at` when somebody dealt with it, `done_by` who."""

    __tablename__ = "voicemail"
    __table_args__ = (sa.Index("ix_voicemail_box", "box", "done_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    box: Mapped[str] = mapped_column(sa.String(60))
    call_key: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    seconds: Mapped[float] = mapped_column(sa.Double(), default=0.0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(sa.String(80), default="")
