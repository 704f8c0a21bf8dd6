"""What the audit trail calls acts: this package's own, and those that packages above name with `define`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

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


DETAILS: dict[str, Any] = {
    "active": _t("trail", "active"),
    "address": _t("trail", "address"),
    "code": _t("trail", "code"),
    "email": _t("trail", "e-mail"),
    "end": _t("trail", "end"),
    "errors": _t("trail", "errors"),
    "from": _t("trail", "from"),
    "kind": _t("trail", "kind"),
    "name": _t("trail", "name"),
    "name_en": _t("trail", "English name"),
    "note": _t("trail", "note"),
    "parent": _t("trail", "parent unit"),
    "phone": _t("trail", "phone"),
    "post": _t("trail", "post"),
    "reason": _t("trail", "reason"),
    "scopes": _t("trail", "scopes"),
    "source": _t("trail", "source"),
    "start": _t("trail", "start"),
    "substitute": _t("trail", "substitute"),
    "to": _t("trail", "to"),
    "unit": _t("trail", "unit"),
    "url": _t("trail", "web address"),
    "username": _t("trail", "user name"),
    "valid_from": _t("trail", "from day"),
    "valid_to": _t("trail", "until day"),
    "year": _t("trail", "year"),
}
"""What the entries of an act's details are called, whatever the act."""


def define(
    *, actions: Mapping[str, Any], subjects: Mapping[str, Any], details: Mapping[str, Any] | None = None
) -> None:
    """Name the actions, the kinds of subject and the details of another package; texts are lazy."""
    TITLES.update(actions)
    SUBJECTS.update(subjects)
    DETAILS.update(details or {})
