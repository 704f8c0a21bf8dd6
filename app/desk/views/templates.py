"""An agent's reply templates, and the shared ones."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import operations
from app.desk.operations.templates import SHARE
from app.desk.queries import templates_for
from app.desk.views.blueprint import blueprint
from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor, current_user_id
from app.kernel import clock, db
from app.kernel.errors import Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.inputs import number, text
from app.workorders.queries.tree import kinds


@blueprint.get("/templates")
@requires("desk.use")
def templates() -> ResponseReturnValue:
    """All templates I may use; mine, and shared ones where I may, can be changed."""
    return _page({}, {})


@blueprint.post("/templates")
@requires("desk.use")
def save_template() -> ResponseReturnValue:
    """Write a template."""
    data = operations.TemplateData(
        title=text("title"),
        text=text("text"),
        text_en=text("text_en"),
        business=text("business"),
        shared_in=text("shared_in"),
    )
    try:
        operations.save_template(data, template_id=number("id"), **acting())
    except Invalid as refused:
        db.session.rollback()
        return _page(dict(request.form), refused.details.get("errors", {})), 422
    flash(_("The template is kept."), "success")
    return redirect(url_for("desk.templates"))


@blueprint.post("/templates/<int:template_id>/delete")
@requires("desk.use")
def delete_template(template_id: int) -> ResponseReturnValue:
    """Remove a template."""
    operations.delete_template(template_id, **acting())
    flash(_("The template is deleted."), "success")
    return redirect(url_for("desk.templates"))


def _page(values: dict[str, Any], errors: dict[str, Any]) -> str:
    now, actor = clock.now(), current_actor()
    shared = people.subtree(authority.paths(actor, SHARE, now=now), at=now)
    found = templates_for(current_user_id(), paths=authority.paths(actor, "desk.use", now=now))
    return render_template(
        "desk/templates.html",
        templates=found,
        values=values,
        errors=errors,
        places=[(unit.path, localized(unit.name, unit.name_en)) for unit in shared],
        businesses=[(each.code, localized(each.name, each.name_en)) for each in kinds()],
    )
