"""What codes of calls are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

DIRECTION: dict[str, Any] = {"in": _l("incoming"), "out": _l("outgoing")}

OUTCOME: dict[str, Any] = {
    "": _l("under way"),
    "self_service": _l("self-service"),
    "agent": _l("talked with an agent"),
    "abandoned": _l("left while waiting"),
    "transferred": _t("call", "transferred"),
    "fallback": _l("emergency path"),
    "confirmed": _t("call", "confirmed"),
    "not_confirmed": _l("not confirmed"),
    "fax": _l("fax"),
}

COLOUR = {
    "": "blue",
    "self_service": "green",
    "agent": "green",
    "abandoned": "orange",
    "fallback": "red",
    "confirmed": "green",
    "not_confirmed": "orange",
}

LEG: dict[str, Any] = {
    "caller": _l("the caller"),
    "agent": _l("an agent"),
    "bridge": _l("another number"),
    "transfer": _l("handed over to"),
    "fax": _l("fax"),
}

RECORDING: dict[str, Any] = {
    "talk": _l("the talk"),
    "whole": _l("the whole call"),
    "message": _l("a message of the caller"),
    "fax": _l("a fax"),
}

CAUSE: dict[str, Any] = {
    "NORMAL_CLEARING": _l("hung up"),
    "answered": _l("picked up"),
    "abandoned": _l("left while waiting"),
    "timeout": _l("waited too long"),
    "no_agents": _l("no agent there"),
    "USER_BUSY": _l("busy"),
    "NO_ANSWER": _l("no answer"),
    "ORIGINATOR_CANCEL": _l("the caller gave up"),
    "CALL_REJECTED": _l("refused"),
    "LOST": _l("the connection was lost"),
    "MANAGER_REQUEST": _l("ended by an operator"),
}


def label(labels: dict[str, Any], code: str) -> Any:
    """The words of a code; the code where nobody gave it words."""
    return labels.get(code, code)
