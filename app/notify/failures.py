"""Why a message did not arrive, in words that say what somebody can do about it."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

REASONS: dict[str, LazyString] = {
    "not_set_up": _l("this way is not set up: tell an administrator"),
    "bad_number": _l("the number is wrong: correct the contact"),
    "bad_address": _l("the address is wrong: correct the contact"),
    "refused": _l("not accepted: tell them another way"),
    "gateway_down": _l("the gateway did not take it: an administrator looks, then tell them another way"),
    "no_answer": _l("nobody answered: call again or tell them another way"),
    "busy": _l("busy at every attempt: call again or tell them another way"),
    "power_off": _l("switched off or out of reach: tell them another way"),
    "wrong_person": _l("somebody else answered: correct the contact"),
    "line_failure": _l("the telephone line failed: an administrator looks"),
    "not_allowed": _l("wants no calls: tell them another way"),
}
"""By the code that a delivery's `reason` holds."""

OF_RESULTS = {
    "INVALID_NUMBER": "bad_number",
    "NO_ANSWER": "no_answer",
    "VOICEMAIL": "no_answer",
    "BUSY": "busy",
    "POWER_OFF": "power_off",
    "WRONG_PERSON": "wrong_person",
    "LINE_FAILURE": "line_failure",
    "NOT_ALLOWED": "not_allowed",
}
"""The reason that a result of a call, or a fax's outcome, means; any other one is a refusal."""


def of_result(result: str) -> str:
    """The reason for a result of an outgoing call."""
    return OF_RESULTS.get(result, "refused")


def words(reason: str) -> str:
    """A reason for the reader; nothing for none."""
    return str(REASONS.get(reason, REASONS["refused"])) if reason else ""
