"""Consent of key accounts to planned outages (停电意见征询)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageConsent(Base):
    """One account asked about one outage, which `outage` names (the planned outage's number).

    `state` is `asked`, `escalated`, `not_needed`, `consented`, `refused`, `overruled` (the head decided that it
    goes ahead) or `withdrawn`; `answer` is what the customer said: `consented`, `refused`, `conditional`,
    `no_answer`. `answer_by` is the last instant for an answer.
    """

    __tablename__ = "outage_consent"
    __table_args__ = (
        sa.UniqueConstraint("outage", "account_id"),
        sa.Index("ix_outage_consent_scope", "unit_path", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    outage: Mapped[str] = mapped_column(sa.String(40))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("key_account.id"), index=True)
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20), default="planned")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(20), default="asked")
    answer: Mapped[str] = mapped_column(sa.String(20), default="")
    answer_note: Mapped[str] = mapped_column(sa.String(500), default="")
    answer_by: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(80), default="")
    decided_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))
