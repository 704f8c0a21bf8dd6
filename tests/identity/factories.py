"""Units and users for tests: `make_unit()`, `make_user(posts=[("dispatcher", unit)])`, `sign_in(client, user)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.identity import operations, standard
from app.identity.models import Post, User
from app.identity.models.organisation import KINDS
from app.identity.queries import UnitView, UserView
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session

LONG_AGO = datetime(2020, 1, 1, tzinfo=LOCAL)
"""Since when units and appointments of tests hold, unless they say otherwise."""

PASSWORD = "correct-horse-7"
"""The password of users made with `password=True`."""

_numbers = count(1)


def sync_standard() -> None:
    """The standard roles and posts, once for each database."""
    if session.scalar(sa.select(Post.id).limit(1)) is None:
        standard.sync(standard.read())
        session.commit()


def make_unit(
    code: str | None = None,
    *,
    parent: UnitView | None = None,
    kind: str | None = None,
    name: str | None = None,
    name_en: str = "",
    area: str | None = None,
    valid_from: datetime = LONG_AGO,
) -> UnitView:
    """A unit under `parent`: by default one kind below it, a county where there is no parent."""
    code = code or f"U-{next(_numbers)}"
    below = KINDS[min(KINDS.index(parent.kind) + 1, len(KINDS) - 1)] if parent else "county"
    unit = operations.create_unit(
        code=code,
        name=name or f"单位{code}",
        name_en=name_en,
        kind=kind or below,
        parent_id=parent.id if parent else None,
        area=area,
        valid_from=valid_from,
        actor=SYSTEM,
        now=LONG_AGO,
    )
    session.commit()
    return unit


def make_tree() -> dict[str, UnitView]:
    """A province `P`, cities `P-A` and `P-B`, a county and a station under each, by code."""
    province = make_unit("P", kind="province")
    units = {"P": province}
    for city in ("P-A", "P-B"):
        units[city] = make_unit(city, parent=province)
        units[f"{city}-X"] = make_unit(f"{city}-X", parent=units[city])
        units[f"{city}-X-1"] = make_unit(f"{city}-X-1", parent=units[f"{city}-X"])
    return units


def make_user(
    username: str | None = None,
    *,
    posts: Iterable[tuple[str, UnitView | None]] = (),
    name: str | None = None,
    name_en: str = "",
    unit: UnitView | None = None,
    password: bool = False,
    valid_from: datetime = LONG_AGO,
    valid_to: datetime | None = None,
) -> UserView:
    """A user with posts `(code, unit)` of standard.yaml; their home is `unit` or the first post's."""
    sync_standard()
    posts = list(posts)
    home = unit or next((place for _post, place in posts if place is not None), None)
    username = username or f"user{next(_numbers)}"
    user = operations.create_user(
        username=username,
        name=name or f"用户{username}",
        name_en=name_en,
        unit_id=home.id if home else None,
        password=PASSWORD if password else None,
        must_change_password=False,
        actor=SYSTEM,
        now=LONG_AGO,
    )
    for post, place in posts:
        operations.appoint(
            user.id,
            post=post,
            unit_id=place.id if place else None,
            valid_from=valid_from,
            valid_to=valid_to,
            actor=SYSTEM,
            now=LONG_AGO,
        )
    session.commit()
    return user


def actor_of(user: UserView) -> Actor:
    """The user as operations know them."""
    return Actor(kind="user", id=user.id, username=user.username, name=user.name)


def sign_in(client: FlaskClient, user: UserView) -> None:
    """Let the client's next requests come from this user, without the sign-in page."""
    key = session.scalars(sa.select(User.fs_uniquifier).where(User.id == user.id)).one()
    session.rollback()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = key
        cookie["_fresh"] = True
