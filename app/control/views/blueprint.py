"""The blueprint all pages of this package hang on, and what they share: the organisation-wide check, addresses."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, request
from flask_babel import gettext as _

from app.identity import authority, session
from app.kernel import clock
from app.kernel.errors import Invalid

blueprint = Blueprint("control", __name__, url_prefix="/control", template_folder="../templates")

WHOLE = "/"
"""The path of the whole organisation."""

MAX_REASON = 500


def require_whole(permission: str) -> None:
    """Raise `Forbidden` unless the caller holds the permission for the whole organisation."""
    authority.require(session.current_actor(), permission, unit_path=WHOLE, now=clock.now())


def same_page(**changes: object) -> str:
    """This page's address with its filters, some of them changed."""
    kept = {key: value for key, value in request.args.items() if key not in {"page", "before", "lang"}}
    return f"{request.path}?{urlencode({**kept, **changes})}"


def page_number() -> int:
    """The page asked for, from 1; a wrong number is the first page."""
    given = request.args.get("page", "1")
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def digits(text: str, default: int) -> int:
    """A small whole number of a form or query, the default where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def read_reason() -> str:
    """The reason that a form must give. Raises `Invalid`."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > MAX_REASON:
        message = _("Give a reason in at most %(n)d characters.", n=MAX_REASON)
        raise Invalid(message, errors={"reason": [message]})
    return reason
