"""Pages that were sent days ago need no place on the disk: they are rendered anew when they are asked for."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from app.kernel.registry import registry
from app.telephony.fax.pages import folder

KEPT = timedelta(days=2)


@registry.sweep("telephony.fax_pages", every=timedelta(hours=6))
def sweep(now: datetime) -> int:  # noqa: ARG001 - files have the machine's time
    """Remove old pages."""
    before, removed = time.time() - KEPT.total_seconds(), 0
    for path in folder().glob("*.tif") if folder().is_dir() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
