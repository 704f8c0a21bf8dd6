"""The forms of the customer's page: personal settings, notes and wishes."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.customers.operations.settings import SettingData, add_note, save_settings
from app.customers.queries.view import customer_view
from app.customers.views.blueprint import blueprint
from app.customers.views.page import page
from app.identity.session import acting
from app.kernel import db
from app.kernel.errors import Invalid
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import text

TAB = "contacts"
CHOICES = 5
"""How many ways to be reached the form lets one put in order."""


@blueprint.post("/customers/<number>/settings")
@requires("customer.sensitive")
def save_customer_settings(number: str) -> ResponseReturnValue:
    """Keep what the customer wishes."""
    try:
        save_settings(number, _data(), revision=whole("revision") or 0, **acting())
    except Invalid as refused:
        return _again(number, "settings", refused.details.get("errors", {"": [str(refused)]}))
    flash(_("The settings are saved."), "success")
    return redirect(url_for("customers.customer", number=number, tab=TAB))


@blueprint.post("/customers/<number>/notes")
@requires("customer.view")
def note_customer(number: str) -> ResponseReturnValue:
    """Note something about the customer."""
    try:
        add_note(number, text("text"), kind=text("kind") or "note", **acting())
    except Invalid as refused:
        return _again(number, "note", refused.details.get("errors", {}))
    flash(_("The note is kept."), "success")
    return redirect(url_for("customers.customer", number=number, tab=TAB))


def _data() -> SettingData:
    quiet_from, from_wrong = _time("quiet_from")
    quiet_to, to_wrong = _time("quiet_to")
    if from_wrong or to_wrong:
        message = _("Write a time as 21:30.")
        raise Invalid(message, errors={"quiet_to": [message]})
    chosen = [text(f"channel_{place}") for place in range(1, CHOICES + 1)]
    return SettingData(
        language=text("language") or "zh",
        channels=tuple(name for name in chosen if name),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        preferred_contact_id=whole("preferred_contact_id"),
        paper_bill=bool(text("paper_bill")),
        do_not_call=bool(text("do_not_call")),
        wishes=text("wishes"),
    )


def _time(name: str) -> tuple[time | None, bool]:
    """The local time, and whether what was sent is none."""
    try:
        return (time.fromisoformat(text(name)).replace(tzinfo=None) if text(name) else None), False
    except ValueError:
        return None, True


def _again(number: str, form: str, errors: dict[str, Any]) -> ResponseReturnValue:
    """The page with the form as it was sent and what is wrong with it."""
    db.session.rollback()
    view = customer_view(number, **acting())
    return page(view, tab=TAB, refused=form, errors=errors, values=request.form), 422
