"""What other packages ask about the organisation, people and rights. Reads only; `at=` says when.

`permitted_paths` and `groups_of` are one statement each. Neither is cached here: the
edge (`identity.session`) keeps a request's answers.
"""

from __future__ import annotations

from app.identity.queries.appointments import AppointmentView, SubstitutionView, appointments_of, substitutions_of
from app.identity.queries.directory import AccountView, TokenView, account, list_accounts, tokens_of
from app.identity.queries.people import (
    colleagues_of,
    find_users,
    home_path,
    home_paths,
    members_of,
    prefixes,
    staff_of,
    substituted_by,
    substitutes_of,
    user_view,
    user_views,
    users_named,
    users_with,
)
from app.identity.queries.posts import (
    PostView,
    RoleView,
    list_posts,
    list_roles,
    nearest_staffed,
    staffed_groups,
    staffed_units,
)
from app.identity.queries.rights import acts_for, groups_of, may, permissions_of, permitted_paths
from app.identity.queries.trail import TrailEntry, read_trail
from app.identity.queries.units import (
    UnitChangeView,
    subtree,
    unit_by_code,
    unit_by_path,
    unit_history,
    unit_last_known,
    unit_view,
    units_by_code,
)
from app.identity.queries.views import UnitView, UserView

__all__ = [
    "AccountView",
    "AppointmentView",
    "PostView",
    "RoleView",
    "SubstitutionView",
    "TokenView",
    "TrailEntry",
    "UnitChangeView",
    "UnitView",
    "UserView",
    "account",
    "acts_for",
    "appointments_of",
    "colleagues_of",
    "find_users",
    "groups_of",
    "home_path",
    "home_paths",
    "list_accounts",
    "list_posts",
    "list_roles",
    "may",
    "members_of",
    "nearest_staffed",
    "permissions_of",
    "permitted_paths",
    "prefixes",
    "read_trail",
    "staff_of",
    "staffed_groups",
    "staffed_units",
    "substituted_by",
    "substitutes_of",
    "substitutions_of",
    "subtree",
    "tokens_of",
    "unit_by_code",
    "unit_by_path",
    "unit_history",
    "unit_last_known",
    "unit_view",
    "units_by_code",
    "user_view",
    "user_views",
    "users_named",
    "users_with",
]
