"""The words for kinds of events, in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

_WORDS = {
    "message": _l("message"),
    "signal": _l("signal"),
    "timer": _l("timer"),
    "error": _l("error"),
    "escalation": _l("escalation"),
    "conditional": _l("condition"),
    "cancel": _l("cancellation"),
    "link": _l("link"),
    "terminate": _l("termination"),
}


def word(kind: str) -> str:
    """The word for an event's kind; the BPMN name where there is none."""
    return str(_WORDS.get(kind, kind))
