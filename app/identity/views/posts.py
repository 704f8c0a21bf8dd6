"""Posts and roles, to look at: what each may do."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.identity import permissions, queries
from app.identity.views.blueprint import blueprint
from app.web.access import requires


@blueprint.get("/posts")
@requires("user.manage", "user.read")
def posts() -> Any:
    """Every post with its roles, every role with its permissions."""
    return render_template(
        "identity/posts.html",
        posts=queries.list_posts(),
        roles=list(queries.list_roles().values()),
        titles={permission.name: permission for permission in permissions.all_permissions()},
    )
