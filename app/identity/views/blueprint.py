"""The blueprint all pages of this package hang on. Pages are for people, not for tokens.

A token that could open them might name substitutes or make tokens that outlive it.
"""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from app.identity import session
from app.kernel.errors import Forbidden

blueprint = Blueprint("identity", __name__, template_folder="../templates")


@blueprint.before_request
def _people_only() -> None:
    if session.bearer() is not None:
        raise Forbidden(_("This page is for people: sign in yourself."))
