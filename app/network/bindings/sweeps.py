"""Work of the clock: old marks are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import db
from app.kernel.registry import registry
from app.network.marking import clean


@registry.sweep("network.forget_marks", every=timedelta(hours=6))
def forget_marks(_now: datetime) -> int:
    """Marks of customers that moved long ago."""
    return db.run(clean)
