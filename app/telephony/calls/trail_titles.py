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
            "phone.queue": _l("Queue changed"),
            "phone.agent": _l("Telephone given"),
            "phone.agent_closed": _l("Telephone taken away"),
            "phone.serves": _l("Queues of a telephone changed"),
        },
        subjects={"call": _l("This call"), "phone_queue": _l("Queue of callers"), "phone_agent": _l("Telephone")},
        details={"recording": _t("trail", "recording")},
    )
