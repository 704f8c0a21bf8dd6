"""Load the code lists of `standard.yaml` (or of a province's own file) into `order_code`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.kernel import audit, codes
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import OrderCode

STANDARD = Path(__file__).parents[1] / "standard.yaml"


def sync_codes(*, actor: Actor, now: datetime, path: Path = STANDARD) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone from it become inactive."""
    changed = codes.sync(OrderCode, path)
    if changed:
        audit.record("orders.codes_synced", actor=actor, now=now, subject_type="order_code", subject_id="all")
    session.flush()
    return changed
