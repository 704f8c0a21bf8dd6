"""What the audit trail calls acts on outages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts that locating and confirming record."""
    trail_titles.define(
        actions={
            "outage.confirmed": _l("Outage confirmed"),
            "outage.cancelled": _l("Outage noted as none"),
            "outage.call_moved": _l("Trouble report moved"),
            "outage.split": _l("Outage split"),
            "outage.joined": _l("Outages joined"),
        },
        subjects={"outage": _l("Outage event")},
        details={"device": _l("Device"), "into": _l("Became part of")},
    )
