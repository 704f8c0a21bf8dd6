"""The blueprint of the pages of the answers library, and what they ask of the reader."""

from __future__ import annotations

from flask import Blueprint

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor, current_user_id
from app.kernel import clock

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge", template_folder="../templates")


def my_paths(permission: str) -> list[str]:
    """Path prefixes where the reader holds the right."""
    return authority.paths(current_actor(), permission, now=clock.now())


def my_unit_path() -> str:
    """The path of the unit the reader works in, for counting use; everywhere where they have none."""
    return people.home_path(current_user_id())
