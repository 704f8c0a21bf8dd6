"""What the audit trail calls acts of telephony."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

from app.identity import trail_titles


def register() -> None:
    """Name the acts."""
    trail_titles.define(
        actions={
            "call.listen": _l("Recording of a call heard"),
            "call.recording_paused": _l("Recording of a call paused"),
            "call.recording_resumed": _l("Recording of a call goes on"),
            "phone.queue": _l("Queue changed"),
            "phone.agent": _l("Telephone given"),
            "phone.agent_closed": _l("Telephone taken away"),
            "phone.serves": _l("Queues of a telephone changed"),
            "phone.signed_in": _l("Agent signed in with the browser's phone"),
            "phone.status": _l("Agent ready, on a break or off"),
            "phone.dialled": _l("Number called by an agent"),
            "phone.handed_over": _l("Caller handed over by an agent"),
            "phone.listened": _l("Agent's talk listened to"),
            "phone.reason": _l("Reason for a break saved"),
        },
        subjects={
            "call": _l("This call"),
            "call_key": _l("This call"),
            "phone_queue": _l("Queue of callers"),
            "phone_agent": _l("Telephone"),
            "pause_reason": _l("Reason for a break"),
        },
        details={
            "recording": _t("trail", "recording"),
            "status": _t("trail", "status"),
            "number": _t("trail", "number"),
            "at": _t("trail", "at the telephone"),
            "past_quiet_hours": _t("trail", "past quiet hours"),
        },
    )
