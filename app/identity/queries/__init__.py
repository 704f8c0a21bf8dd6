"""What other packages ask about the organisation, people and rights. Reads only; `at=` says when.

`permitted_paths` and `groups_of` are one statement each. Neither is cached here: the
edge (`identity.session`) keeps a request's answers.
"""

from __future__ import annotations

from app.identity.queries.people import (
    find_users,
    members_of,
    substituted_by,
    substitutes_of,
    user_view,
    user_views,
    users_named,
    users_with,
)
from app.identity.queries.rights import acts_for, groups_of, may, permissions_of, permitted_paths
from app.identity.queries.units import subtree, unit_by_code, unit_by_path, unit_view, units_by_code
from app.identity.queries.views import UnitView, UserView

__all__ = [
    "UnitView",
    "UserView",
    "acts_for",
    "find_users",
    "groups_of",
    "may",
    "members_of",
    "permissions_of",
    "permitted_paths",
    "substituted_by",
    "substitutes_of",
    "subtree",
    "unit_by_code",
    "unit_by_path",
    "unit_view",
    "units_by_code",
    "user_view",
    "user_views",
    "users_named",
    "users_with",
]
