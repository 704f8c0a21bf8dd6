"""All flows: the list, releases, publishing, going back, a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.errors import Invalid
from app.telephony.ivr.fields import is_node_name
from app.telephony.ivr.flow import DEFAULTS
from app.telephony.operations import flows as operations
from app.telephony.operations.flows import EDIT, PUBLISH, READ
from app.telephony.queries import flows as queries
from app.telephony.workbench.views.blueprint import blueprint
from app.web import redirects
from app.web.access import requires
from app.web.inputs import text

EMPTY = """flow: {name}
title: 新流程
title_en: New flow
start: first
nodes:
  first:
    kind: hangup
transcripts:
  - name: 挂机
    steps: []
    end: {{by: flow, at: first}}
"""


def rights() -> dict[str, bool]:
    """What the reader may do, for templates."""
    actor, now = current_actor(), clock.now()
    return {
        "may_edit": authority.may(actor, EDIT, unit_path=None, now=now),
        "may_publish": authority.may(actor, PUBLISH, unit_path=None, now=now),
    }


@blueprint.get("/")
@requires(READ)
def flows() -> ResponseReturnValue:
    """Every flow with its version, coverage and draft; what would stand against publishing the drafts."""
    found = queries.flows()
    drafts = [one for one in found if one.draft_at is not None]
    checked = operations.check(queries.working_copy()) if drafts else None
    return render_template(
        "ivr/flows.html",
        flows=found,
        drafts=drafts,
        checked=checked,
        defaults=DEFAULTS,
        people=_people([one.draft_by for one in found] + [one.version.made_by for one in found if one.version]),
        **rights(),
    )


@blueprint.get("/releases")
@requires(READ)
def releases() -> ResponseReturnValue:
    """What was put into force when, the latest first."""
    found = queries.releases()
    return render_template("ivr/releases.html", releases=found, people=_people([one.by for one in found]), **rights())


@blueprint.post("/publish")
@requires(PUBLISH)
def publish() -> ResponseReturnValue:
    """Put the chosen drafts into force together."""
    done = operations.publish_drafts(request.form.getlist("flow"), note=text("note"), **acting())
    flash(_("In force now: %(names)s", names=", ".join(done.changed) or "-"), "success")
    return redirects.go(url_for("ivr.flows"))


@blueprint.post("/releases/<int:release>/roll-back")
@requires(PUBLISH)
def roll_back(release: int) -> ResponseReturnValue:
    """Put the versions of an earlier release into force again."""
    operations.roll_back(release, note=text("note"), **acting())
    flash(_("The versions of release %(id)s are in force again.", id=release), "success")
    return redirects.go(url_for("ivr.releases"))


@blueprint.post("/new")
@requires(EDIT)
def new() -> ResponseReturnValue:
    """A new flow, as a draft."""
    name = text("name")
    if not is_node_name(name) or any(one.name == name for one in queries.flows()):
        message = _("Give a new name of small letters, digits and _.")
        raise Invalid(message, errors={"name": [message]})
    operations.save_draft(name, EMPTY.format(name=name), **acting())
    return redirects.go(url_for("ivr.text", name=name))


def _people(usernames: list[str]) -> dict[str, Any]:
    return {username: user.name for username, user in people.users_named(usernames).items()}
