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
            "outage.call_dismissed": _l("Trouble report put away"),
            "outage.split": _l("Outage split"),
            "outage.joined": _l("Outages joined"),
            "outage.restored": _l("Supply noted as restored"),
            "outage.closed": _l("Handling of an outage ended"),
            "outage.notice_entered": _l("Outage notice entered"),
            "outage.plan_requested": _l("Planned outage asked for"),
            "outage.plan_moved": _l("Planned outage given another time"),
            "storm.begun": _l("Storm mode begun"),
            "storm.declined": _l("Storm mode declined"),
            "storm.ended": _l("Storm mode ended"),
            "storm.greeting": _l("Greeting of the line changed"),
        },
        subjects={"outage": _l("Outage event"), "storm": _l("Storm mode"), "trouble_call": _l("Trouble report")},
        details={"device": _l("Device"), "into": _l("Became part of")},
    )
