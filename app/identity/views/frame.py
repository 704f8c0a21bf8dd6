"""What this package adds to the frame of every page: who looks at it, and the menu."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from app.identity import queries, session
from app.kernel import clock, i18n
from app.web import navigation, shell


def viewer() -> shell.Viewer | None:
    """The signed-in person with their first post."""
    who = session.caller()
    if who is None:
        return None
    posts = [post for post in queries.appointments_of([who.user.id], at=clock.now()).get(who.user.id, [])]
    held = next((post for post in posts if post.holds(clock.now())), None)
    subtitle = ""
    if held is not None:
        place = i18n.localized(held.unit_name, held.unit_name_en)
        subtitle = " ".join(filter(None, (place, i18n.localized(held.post_name, held.post_name_en))))
    return shell.Viewer(
        name=i18n.localized(who.user.name, who.user.name_en),
        subtitle=subtitle,
        sign_out_url=url_for("identity.sign_out"),
    )


def init_app(app: Flask) -> None:
    shell.set_viewer(app, viewer)
    seeing = ("user.manage", "user.read")
    navigation.add("identity.units", _l("Organisation"), "sitemap", (), "admin", 10)
    navigation.add("identity.users", _l("Users"), "users", seeing, "admin", 20)
    navigation.add("identity.posts", _l("Posts and roles"), "id-badge-2", seeing, "admin", 30)
    navigation.add("identity.audit_trail", _l("Audit trail"), "history", ("audit.read",), "admin", 40)
    navigation.add("identity.profile", _l("My account"), "user", (), "user", 10)
    navigation.add("identity.absence", _l("Absence and substitute"), "plane-departure", (), "user", 20)
