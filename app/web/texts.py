"""Texts that the pages' own code shows, sent with each page in the reader's language (`src/texts.js` reads them)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

TEXTS: dict[str, Any] = {
    "left": _l("{time} left"),
    "over_by": _l("over by {time}"),
    "was_in_time": _l("in time, {time} to spare"),
    "was_over_by": _l("was late by {time}"),
    "days_hours": _l("{days} d {hours} h"),
    "span_minutes": _l("{minutes} min"),
    "span_hours": _l("{hours} h {minutes} min"),
    "just_now": _l("just now"),
    "minutes_ago": _l("{n} min ago"),
    "hours_ago": _l("{n} h ago"),
    "days_ago": _l("{n} d ago"),
    "copied": _l("Copied"),
    "copy_failed": _l("The browser refused to copy"),
    "photo": _l("Photo"),
    "remove_photo": _l("Remove {name}"),
    "next_row": _l("Next row"),
    "previous_row": _l("Previous row"),
    "select_row": _l("Select the row"),
    "locating": _l("Finding where you are…"),
    "located": _l("Place found, to about {accuracy} m"),
    "place_refused": _l("The browser may not tell the place: allow it in its settings"),
    "place_unknown": _l("The place could not be found; try again under open sky"),
    "place_unsupported": _l("This browser cannot tell the place"),
    "network_gone": _l("No connection. What you typed is still here; try again."),
}


def page_texts() -> dict[str, str]:
    """All of them in the language of this request."""
    return {key: str(words) for key, words in TEXTS.items()}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(page_texts=page_texts)
