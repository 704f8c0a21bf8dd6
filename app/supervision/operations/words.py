"""Load the words and bounds of `standard.yaml` into their table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.kernel import audit, codes
from app.kernel.actor import Actor
from app.kernel.db import session
from app.supervision.models import SupervisionWord

STANDARD = Path(__file__).parents[1] / "standard.yaml"


def sync_words(*, actor: Actor, now: datetime, path: Path = STANDARD) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone become inactive."""
    changed = codes.sync(SupervisionWord, path)
    if changed:
        audit.record("supervision.synced", actor=actor, now=now, subject_type="supervision_word", subject_id="all")
    session.flush()
    return changed
