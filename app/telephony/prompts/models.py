"""Recordings that people uploaded in place of a rendering."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class PromptRecording(Base):
    """A speaker's recording of a prompt or of a number's word (`say/…`), in one language.

    Rows are only added: the newest of a key and language is in force, unless it is `withdrawn`
    (back to the rendering). `text` is what the key said when it was recorded: where it says
    something else by now the recording is out of date.
    """

    __tablename__ = "prompt_recording"
    __table_args__ = (sa.Index("ix_prompt_recording_key", "language", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(5))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(80))
