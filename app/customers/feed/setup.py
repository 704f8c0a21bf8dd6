"""Adding the feed to the application: its jobs, and what the audit trail calls its acts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.customers.feed import pushing
from app.identity import trail_titles

__all__ = ["pushing"]


def register() -> None:
    """Name the acts."""
    trail_titles.define(
        actions={
            "feed.started": _l("Push of changes started"),
            "feed.stopped": _l("Push of changes stopped"),
            "feed.subscribed": _l("Address subscribed to changes"),
        },
        subjects={"feed": _l("Feed of changes")},
    )
