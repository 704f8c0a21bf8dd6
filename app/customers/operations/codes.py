"""Load the code lists of `standard.yaml` (or of a province's own file) into `customer_code`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.customers.models import CustomerCode
from app.kernel import audit, codes
from app.kernel.actor import Actor
from app.kernel.db import session

STANDARD = Path(__file__).parents[1] / "standard.yaml"


def sync_codes(*, actor: Actor, now: datetime, path: Path = STANDARD) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone from it become inactive."""
    changed = codes.sync(CustomerCode, path)
    if changed:
        audit.record("customers.codes_synced", actor=actor, now=now, subject_type="customer_code", subject_id="all")
    session.flush()
    return changed
