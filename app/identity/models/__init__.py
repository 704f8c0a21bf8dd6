"""Rows of identity: the tree, the people, their rights, and what they sign in with.

One file is one of these four; validity is half-open everywhere, [valid_from, valid_to),
with None for "open".
"""

from __future__ import annotations

from app.identity.models.credentials import ApiToken, SignInAttempt
from app.identity.models.organisation import OrgUnit, OrgUnitChange
from app.identity.models.people import Appointment, Substitution, User
from app.identity.models.rights import Post, PostRole, Role, RolePermission

__all__ = [
    "ApiToken",
    "Appointment",
    "OrgUnit",
    "OrgUnitChange",
    "Post",
    "PostRole",
    "Role",
    "RolePermission",
    "SignInAttempt",
    "Substitution",
    "User",
]
