"""Answers `web.access`: is somebody signed in, do they hold a permission, where does one sign in."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import lazy_gettext as _l

from app.identity import session
from app.web.errors import wants_json

OWN_TASKS = "task.work"
"""The scope a token needs for what any signed-in user may do."""

FIRST_PASSWORD = frozenset({"identity.password", "identity.sign_out", "identity.change_password"})
"""All that is open to somebody who must change the password they were given."""


class Checker:
    """The `AccessChecker` of `web.access`."""

    def is_signed_in(self) -> bool:
        who = session.caller()
        return who is not None and not (who.must_change_password and request.endpoint not in FIRST_PASSWORD)

    def has_any(self, permissions: tuple[str, ...]) -> bool:
        """Whether the caller holds any one of these; none asked means what every signed-in user may."""
        if not permissions:
            who = session.caller()
            return who is not None and (who.scopes is None or OWN_TASKS in who.scopes)
        return not session.current_permissions().isdisjoint(permissions)

    def challenge(self) -> Any:
        if wants_json() or session.bearer() is not None:
            raise session.NotSignedIn(_l("Please sign in."))
        if session.caller() is not None:
            return redirect(url_for("identity.password"))
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("identity.sign_in", next=here if here != "/" else None))
