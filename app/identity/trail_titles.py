"""What the audit trail calls acts: this package's own, and those that packages above name with `define`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SUBJECTS: dict[str, Any] = {"user": _l("User"), "unit": _l("Unit")}
"""What kinds of subject are called."""

TITLES: dict[str, Any] = {
    "session.sign_in": _l("Signed in"),
    "session.sign_out": _l("Signed out"),
    "session.refuse": _l("Sign-in refused"),
    "token.issue": _l("Token issued"),
    "token.revoke": _l("Token revoked"),
    "unit.close": _l("Unit closed"),
    "unit.create": _l("Unit added"),
    "unit.edit": _l("Unit changed"),
    "unit.move": _l("Unit moved"),
    "user.appoint": _l("Appointed"),
    "user.change_password": _l("Password changed"),
    "user.create": _l("Account opened"),
    "user.disable": _l("Account disabled"),
    "user.edit": _l("Account changed"),
    "user.enable": _l("Account enabled"),
    "user.end_appointment": _l("Appointment ended"),
    "user.end_substitution": _l("Substitution ended"),
    "user.reset_password": _l("Password reset"),
    "user.substitute": _l("Substitute named"),
    "user.two_factor_off": _l("One-time codes off"),
    "user.two_factor_on": _l("One-time codes on"),
    "user.two_factor_reset": _l("One-time codes reset"),
    "user.unlock": _l("Account unlocked"),
}


def define(*, actions: Mapping[str, Any], subjects: Mapping[str, Any]) -> None:
    """Name the actions and the kinds of subject of another package; texts are lazy."""
    TITLES.update(actions)
    SUBJECTS.update(subjects)
