"""What the audit trail calls acts on flows and switches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "ivr.published": _l("Flows of the line published"),
            "ivr.rolled_back": _l("Flows of the line rolled back"),
            "ivr.hours": _l("Opening hours of the line switched"),
            "ivr.notice": _l("Notice on the line switched"),
        },
        subjects={
            "ivr_release": _l("Release of flows"),
            "ivr_switch": _l("Switch of the line"),
        },
    )
