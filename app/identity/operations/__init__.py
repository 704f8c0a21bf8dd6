"""What changes the organisation, people, their rights and keys. None commits; all are audited.

Each asks `authority` first: an administrator of a subtree changes nothing outside it.
"""

from __future__ import annotations

from app.identity.operations.appointments import appoint, end_appointment
from app.identity.operations.passwords import change_password, reset_password
from app.identity.operations.substitutions import end_substitution, grant_substitution
from app.identity.operations.tokens import issue_token, revoke_token
from app.identity.operations.two_factor import disable_two_factor, enable_two_factor, reset_two_factor
from app.identity.operations.units import close_unit, create_unit, edit_unit, move_unit
from app.identity.operations.users import create_user, edit_user, set_active, set_locale, unlock

__all__ = [
    "appoint",
    "change_password",
    "close_unit",
    "create_unit",
    "create_user",
    "disable_two_factor",
    "edit_unit",
    "edit_user",
    "enable_two_factor",
    "end_appointment",
    "end_substitution",
    "grant_substitution",
    "issue_token",
    "move_unit",
    "reset_password",
    "reset_two_factor",
    "revoke_token",
    "set_active",
    "set_locale",
    "unlock",
]
