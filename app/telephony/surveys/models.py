"""What callers answer when they are asked how they were served (满意度评价)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SurveyAnswer(Base):
    """One answer; a call answers a survey once. `answer` is the key pressed, `label` its meaning (`satisfied`)."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        sa.UniqueConstraint("survey", "call_ref"),
        sa.Index("ix_survey_answer_day", "survey", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey: Mapped[str] = mapped_column(sa.String(60))
    call_ref: Mapped[str] = mapped_column(sa.String(80))
    answer: Mapped[str] = mapped_column(sa.String(10))
    label: Mapped[str] = mapped_column(sa.String(40), default="")
    agent: Mapped[str] = mapped_column(sa.String(80), default="")
    queue: Mapped[str] = mapped_column(sa.String(60), default="")
    at: Mapped[datetime]
