"""Accounts, for administrators: list with search, create, edit."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.identity import authority, operations, queries, session
from app.identity.operations.reach import existing_user, reaches
from app.identity.queries.directory import AccountView
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import errors_of, number, same_page, text
from app.kernel import clock
from app.kernel.errors import Invalid
from app.web.access import requires

STATES = {"active": True, "disabled": False}


@blueprint.get("/users")
@requires("user.manage", "user.read")
def users() -> Any:
    """Accounts of my area: search by name or phone, narrow by unit, post and state."""
    now = clock.now()
    unit = queries.unit_view(number("unit") or 0)
    accounts, following = queries.list_accounts(
        paths=readable_paths(),
        at=now,
        text=text("q"),
        unit_path=unit.path if unit else None,
        post=text("post") or None,
        active=STATES.get(text("state")),
        after=text("after"),
    )
    return render_template(
        "identity/users.html",
        accounts=accounts,
        next_url=same_page(after=following) if following else None,
        first_url=same_page() if text("after") else None,
        units=queries.subtree(readable_paths(), at=now),
        posts=queries.list_posts(),
        filters=request.args,
        may_create=bool(authority.paths(session.current_actor(), "user.manage", now=now)),
    )


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires("user.manage")
def new_user() -> Any:
    """Open an account; the answer shows its first password, this once."""
    if request.method == "GET":
        return _new_page({})
    actor, now = session.current_actor(), clock.now()
    try:
        made = operations.create_user(
            username=text("username"),
            name=text("name"),
            name_en=text("name_en"),
            phone=text("phone"),
            email=text("email"),
            unit_id=number("unit"),
            actor=actor,
            now=now,
        )
        first = operations.reset_password(made.id, actor=actor, now=now)
    except Invalid as refused:
        return _new_page(errors_of(refused)), 422
    return render_user(made.id, password=first)


@blueprint.get("/users/<int:user_id>")
@requires("user.manage", "user.read")
def user(user_id: int) -> Any:
    """One account: posts, state, and what its administrator may change."""
    return render_user(user_id)


@blueprint.post("/users/<int:user_id>")
@requires("user.manage")
def edit_user(user_id: int) -> Any:
    """Change names, phone, e-mail, home unit."""
    try:
        operations.edit_user(
            user_id,
            name=text("name"),
            name_en=text("name_en"),
            phone=text("phone"),
            email=text("email"),
            unit_id=number("unit"),
            actor=session.current_actor(),
            now=clock.now(),
        )
    except Invalid as refused:
        return render_user(user_id, errors=errors_of(refused)), 422
    flash(_("The account is changed."), "success")
    return redirect(url_for("identity.user", user_id=user_id))


def readable_paths() -> list[str]:
    """Where the caller may look at accounts."""
    actor, now = session.current_actor(), clock.now()
    return sorted({path for name in ("user.read", "user.manage") for path in authority.paths(actor, name, now=now)})


def readable(user_id: int) -> AccountView:
    """An account whose home lies where the caller may look, or 404."""
    found, paths = queries.account(user_id, at=clock.now()), readable_paths()
    home = queries.unit_view(found.user.unit_id) if found and found.user.unit_id is not None else None
    place = home.path if home else "/"
    if found is None or not any(place.startswith(path) for path in paths):
        abort(404)
    return found


def render_user(user_id: int, *, errors: dict[str, Any] | None = None, password: str = "") -> str:
    """The page of one account; `password` is a fresh one to show, this once."""
    actor, now = session.current_actor(), clock.now()
    found = readable(user_id)
    return render_template(
        "identity/user.html",
        account=found,
        password=password,
        appointments=queries.appointments_of([user_id], at=now, ended=True).get(user_id, []),
        substitutions=queries.substitutions_of(user_id, at=now),
        tokens=queries.tokens_of(user_id, at=now),
        may_manage=reaches(actor, existing_user(user_id), now=now),
        may_appoint=authority.may(actor, "user.manage", unit_path=None, now=now),
        units=queries.subtree(authority.paths(actor, "user.manage", now=now), at=now),
        everywhere="/" in authority.paths(actor, "user.manage", now=now),
        posts=queries.list_posts(),
        now=now,
        errors=errors or {},
        values=request.form if errors else {},
    )


def _new_page(errors: dict[str, Any]) -> str:
    paths = authority.paths(session.current_actor(), "user.manage", now=clock.now())
    return render_template(
        "identity/user_new.html",
        units=queries.subtree(paths, at=clock.now()),
        everywhere="/" in paths,
        errors=errors,
        values=request.form if errors else {},
    )
