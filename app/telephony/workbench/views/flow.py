"""One flow: its picture, its text, its transcripts, its versions and what differs between them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import queries as people
from app.identity.session import acting
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.telephony.calls.queries import drop_off
from app.telephony.ivr.flow import DEFAULTS
from app.telephony.operations import flows as operations
from app.telephony.operations.flows import EDIT, READ, Checked
from app.telephony.picture import picture
from app.telephony.queries import flows as queries
from app.telephony.queries.flows import FlowView, UnknownVersion
from app.telephony.workbench.comparing import compare as differences
from app.telephony.workbench.views.blueprint import blueprint
from app.telephony.workbench.views.flows import rights
from app.web import redirects
from app.web.access import requires
from app.web.inputs import number
from app.web.inputs import text as given

PERIODS = (0, 1, 7, 30)
"""Days of calls that may be painted on the picture; 0: none."""


@blueprint.get("/flows/<name>")
@requires(READ)
def flow(name: str) -> ResponseReturnValue:
    """The picture, of the draft where it can be read, else of what is in force."""
    found = found_flow(name)
    if name == DEFAULTS:
        return redirects.go(url_for("ivr.text", name=name))
    checked, source = _shown(found, played=False)
    days = number("days") if number("days") in PERIODS else 0
    today = clock.now().astimezone(LOCAL).date() + timedelta(days=1)
    counts = drop_off(name, None, today - timedelta(days=days or 0), today) if days else None
    flows = checked.flows
    return render_template(
        "ivr/flow.html",
        found=found,
        source=source,
        drawn=picture(flows, flows[name], counts) if flows is not None and name in flows else None,
        shown=flows[name] if flows is not None and name in flows else None,
        problems=_of(checked, name),
        days=days,
        periods=PERIODS,
        **rights(),
    )


@blueprint.get("/flows/<name>/text")
@requires(READ)
def text(name: str) -> ResponseReturnValue:
    """The text to read and change, with what is wrong beside its lines."""
    found = found_flow(name)
    content = queries.working_copy().get(f"{name}.yaml", "")
    checked = operations.check(queries.working_copy(), played=False)
    return render_template(
        "ivr/text.html",
        found=found,
        content=content,
        revision=queries.revision_of(name),
        problems=_of(checked, name),
        others=[one for one in checked.problems if one.file != f"{name}.yaml" and one.severity == "error"],
        **rights(),
    )


@blueprint.post("/flows/<name>/draft")
@requires(EDIT)
def save(name: str) -> ResponseReturnValue:
    """Keep the text as a draft: as typed, or as a file."""
    upload = request.files.get("file")
    content = request.form.get("content", "").replace("\r\n", "\n")
    if upload is not None and upload.filename:
        try:
            content = upload.read().decode()
        except UnicodeDecodeError:
            raise Invalid(_("The file must be encoded in UTF-8.")) from None
    operations.save_draft(name, content, revision=number("revision"), **acting())
    flash(_("The draft is saved."), "success")
    return redirects.go(url_for("ivr.text", name=name))


@blueprint.post("/flows/<name>/drop")
@requires(EDIT)
def drop(name: str) -> ResponseReturnValue:
    """Give the draft up."""
    operations.drop_draft(name, **acting())
    flash(_("The draft is gone."), "success")
    return redirects.go(url_for("ivr.flows"))


@blueprint.get("/flows/<name>/transcripts")
@requires(READ)
def transcripts(name: str) -> ResponseReturnValue:
    """The transcripts, played now, with what they reach."""
    found = found_flow(name)
    checked, source = _shown(found)
    return render_template(
        "ivr/transcripts.html",
        found=found,
        source=source,
        outcomes=[one for one in checked.outcomes if one.flow == name],
        reached=next((one for one in checked.reached if one.flow == name), None),
        problems=_of(checked, name),
        **rights(),
    )


@blueprint.get("/flows/<name>/versions")
@requires(READ)
def versions(name: str) -> ResponseReturnValue:
    """Every version, and what differs between two of them (0 is the draft)."""
    found = found_flow(name)
    rows = queries.versions(name)
    choices = [*([0] if found.draft_at else []), *(row.number for row in rows)]
    target = _chosen("target", choices, choices[0] if choices else None)
    source = _chosen("source", choices, choices[1] if len(choices) > 1 else target)
    changes = None
    if source is not None and target is not None and source != target:
        changes = differences(_content(name, source), _content(name, target))
    return render_template(
        "ivr/versions.html",
        found=found,
        versions=rows,
        choices=choices,
        source=source,
        target=target,
        changes=changes,
        people={username: user.name for username, user in people.users_named(row.made_by for row in rows).items()},
        **rights(),
    )


@blueprint.get("/flows/<name>/versions/<int:version>.yaml")
@requires(READ)
def file(name: str, version: int) -> Response:
    """The file of a version as it was published."""
    response = Response(queries.content_of(name, version), mimetype="application/yaml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-v{version}.yaml")
    return response


def found_flow(name: str) -> FlowView:
    """The flow of this name as the list shows it. Raises UnknownVersion."""
    for one in queries.flows():
        if one.name == name:
            return one
    raise UnknownVersion(_("There is no flow %(name)s.", name=name))


def _shown(found: FlowView, *, played: bool = True) -> tuple[Checked, str]:
    """The draft where all drafts can be read together, else what is in force."""
    checked = operations.check(queries.working_copy(), played=played)
    if checked.flows is not None:
        return checked, "draft" if found.draft_at else "published"
    in_force = operations.check(queries.contents(), played=played)
    return Checked(in_force.flows, checked.problems, in_force.outcomes, in_force.reached), "published"


def _of(checked: Checked, name: str) -> list[Any]:
    return [problem for problem in checked.problems if problem.file == f"{name}.yaml"]


def _chosen(key: str, choices: list[int], default: int | None) -> int | None:
    value = number(key) if given(key) else None
    return value if value in choices else default


def _content(name: str, version: int) -> str:
    return queries.drafts().get(f"{name}.yaml", "") if version == 0 else queries.content_of(name, version)
