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
    "phone_line_off": _l("phone off"),
    "phone_line_connecting": _l("connecting…"),
    "phone_line_ready": _l("line ready"),
    "phone_line_lost": _l("line lost, connecting again…"),
    "phone_line_refused": _l("the switch does not let this phone in"),
    "phone_line_elsewhere": _l("the phone is open elsewhere"),
    "phone_status_ready": _l("taking calls"),
    "phone_status_pause": _l("on a break"),
    "phone_status_off": _l("off duty"),
    "phone_wrap": _l("work after the call"),
    "phone_ringing": _l("Call from"),
    "phone_calling": _l("Calling"),
    "phone_talking": _l("Talking with"),
    "phone_held": _l("On hold:"),
    "phone_leaving": _l("Handing over"),
    "phone_joined": _l("Three in the talk, with"),
    "phone_waits": _l("{number} waits"),
    "phone_withheld": _l("a withheld number"),
    "phone_pick_up": _l("Pick up your telephone:"),
    "phone_transfer_failed": _l("The caller could not be handed over and is still here."),
    "phone_not_reached": _l("Nobody was reached:"),
    "phone_why_Busy": _l("busy"),
    "phone_why_Rejected": _l("refused"),
    "phone_why_Unavailable": _l("not there"),
    "phone_why_No Answer": _l("no answer"),
    "phone_why_Request Timeout": _l("no answer"),
    "phone_why_Not Found": _l("no such number"),
    "phone_why_Canceled": _l("given up"),
    "phone_why_Connection Error": _l("the line was lost"),
    "phone_failed": _l("The phone could not do that."),
    "phone_no_microphone": _l("No microphone: plug one in, and allow it in the browser."),
    "phone_needs_https": _l("The phone needs a page by https."),
    "phone_busy_elsewhere": _l("A call is under way in the other tab: end it there first."),
    "phone_default_device": _l("as the computer has it"),
    "phone_call_anyway": _l("Call all the same"),
    "phone_dials": _l("The phone on the desk is calling."),
    "phone_is_busy": _l("The phone on the desk is in use."),
}


def page_texts() -> dict[str, str]:
    """All of them in the language of this request."""
    return {key: str(words) for key, words in TEXTS.items()}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(page_texts=page_texts)
