"""Means that announcements need."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import Call

SPAN = timedelta(days=14)
FEWEST = 20
"""Fewer talks say nothing about the next."""


def handling_seconds(now: datetime) -> float | None:
    """How long agents talked with callers on the mean of the last two weeks; None where too few talks are known."""
    count, mean = session.execute(
        sa.select(sa.func.count(), sa.func.avg(Call.talked)).where(
            Call.began_at >= now - SPAN, Call.outcome == "agent", Call.talked > 0
        )
    ).one()
    return float(mean) if count >= FEWEST else None
