"""Pages of queues and telephones, and the door for FreeSWITCH's questions."""

from __future__ import annotations

import hmac
import re
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.kernel import clock
from app.kernel.errors import Invalid
from app.telephony import config
from app.telephony.agents import directory, operations, presence, queries, settings
from app.telephony.agents.models import STRATEGIES
from app.telephony.agents.operations import QueueData
from app.telephony.agents.queries import MANAGE
from app.telephony.calls.queries import agents_now
from app.web import navigation, redirects
from app.web.access import public, requires
from app.web.inputs import number, text
from app.web.security import csrf, limiter

blueprint = Blueprint("phones", __name__, url_prefix="/phones", template_folder="templates")
switch = Blueprint("switch", __name__, url_prefix="/telephony")

MOST = 16 * 1024
"""Bytes of a question of mod_xml_curl: a channel's variables come with it."""


@blueprint.get("/")
@requires(MANAGE)
def index() -> ResponseReturnValue:
    """Queues and telephones."""
    return page()


def page(*, values: dict[str, str] | None = None, errors: dict[str, Any] | None = None) -> ResponseReturnValue:
    """The page, with what was typed and why it was refused."""
    return render_template(
        "agents/index.html",
        queues=queries.queues(),
        agents=queries.agents(),
        now_by_agent=agents_now(),
        kind_names=KIND,
        reasons=presence.reasons(all_of_them=True),
        strategy_options=[(name, STRATEGY[name]) for name in STRATEGIES],
        strategy_names=STRATEGY,
        values=values or {},
        errors=errors or {},
        status=STATUS,
    ), 422 if errors else 200


@blueprint.post("/queues")
@requires(MANAGE)
def save_queue() -> ResponseReturnValue:
    data = QueueData(
        code=text("code"),
        name=text("name"),
        name_en=text("name_en"),
        strategy=text("strategy") or STRATEGIES[0],
        max_wait=number("max_wait") or 0,
        most=number("most") or 0,
        record=bool(text("record")),
        active=bool(text("active")),
    )
    try:
        operations.save_queue(data, **acting())
    except Invalid as wrong:
        return page(values=request.form.to_dict(), errors=_errors(wrong))
    flash(_("The queue is saved."), "success")
    return redirects.go(url_for("phones.index"))


@blueprint.post("/agents")
@requires(MANAGE)
def save_agent() -> ResponseReturnValue:
    try:
        password = operations.save_agent(
            text("extension"),
            text("username"),
            domain=config.current().domain,
            kind=text("kind") or "telephone",
            wrap_up=number("wrap_up") or 0,
            rings=number("rings") or 20,
            **acting(),
        )
        operations.serve(text("extension"), _levels(), **acting())
    except Invalid as wrong:
        return page(values=request.form.to_dict(), errors=_errors(wrong))
    named = {"extension": text("extension"), "password": password}
    if password:
        flash(_("Password of %(extension)s, shown only now: %(password)s", **named), "success")
    else:
        flash(_("The phone rings on the desk of this person from now on."), "success")
    return redirects.go(url_for("phones.index"))


@blueprint.post("/agents/<extension>/queues")
@requires(MANAGE)
def serve(extension: str) -> ResponseReturnValue:
    try:
        operations.serve(extension, _levels(), **acting())
    except Invalid as wrong:
        return page(errors=_errors(wrong))
    flash(_("The telephone serves these queues now."), "success")
    return redirects.go(url_for("phones.index"))


@blueprint.post("/agents/<extension>/close")
@requires(MANAGE)
def close_agent(extension: str) -> ResponseReturnValue:
    try:
        operations.close_agent(extension, **acting())
    except Invalid:
        abort(404)
    flash(_("The telephone is taken away."), "success")
    return redirects.go(url_for("phones.index"))


@blueprint.post("/reasons")
@requires(MANAGE)
def save_reason() -> ResponseReturnValue:
    """Why agents may be on a break."""
    try:
        presence.save_reason(
            text("reason_code"),
            text("reason_name"),
            text("reason_name_en"),
            active=bool(text("reason_active")),
            **acting(),
        )
    except Invalid as wrong:
        return page(values=request.form.to_dict(), errors=_errors(wrong))
    flash(_("The reason is saved."), "success")
    return redirects.go(url_for("phones.index"))


@switch.post("/xml_curl")
@public
@limiter.exempt
@csrf.exempt  # type: ignore[untyped-decorator]
def xml_curl() -> ResponseReturnValue:
    """Answer FreeSWITCH, who shows the token by HTTP's basic sign-in. Without a token in the settings: nobody."""
    telephony = config.current()
    given = request.authorization
    shown = (given.password or "") if given is not None and given.type == "basic" else ""
    if not telephony.token or not hmac.compare_digest(shown.encode(), telephony.token.encode()):
        abort(403)
    if (request.content_length or 0) > MOST:
        abort(413)
    asked = {name: request.form.get(name, "")[:200] for name in ("section", "tag_name", "key_value", "user", "domain")}
    body = directory.answer(asked, domain=telephony.domain, now=clock.now())
    return Response(body, mimetype="text/xml")


def _levels() -> dict[str, int]:
    """`level_<queue>` fields: 0 or empty does not serve."""
    found = {}
    for name, value in request.form.items():
        if name.startswith("level_") and re.fullmatch(r"[1-9]", value.strip()):
            found[name.removeprefix("level_")] = int(value)
    return found


def _errors(wrong: Invalid) -> dict[str, list[str]]:
    return {str(wrong.details.get("field", "")): [str(wrong)]}


KIND = {"browser": _l("the desk's page in the browser"), "telephone": _l("a telephone of its own")}

STRATEGY = {
    "longest-idle-agent": _l("who has waited longest"),
    "round-robin": _l("one after the other"),
    "top-down": _l("always from the first"),
    "agent-with-least-talk-time": _l("who has talked least"),
    "agent-with-fewest-calls": _l("who had the fewest calls"),
    "sequentially-by-agent-order": _l("by level and place"),
    "ring-all": _l("all at once"),
    "random": _l("anybody"),
}

STATUS = {
    "Available": _l("taking calls"),
    "Available (On Demand)": _l("taking calls"),
    "On Break": _l("on a break"),
    "Logged Out": _l("signed out"),
    "Waiting": _l("waiting for a call"),
    "Receiving": _l("ringing"),
    "In a queue call": _l("talking"),
    "Idle": _l("idle"),
}


def init_app(app: Flask) -> None:
    """Add the pages and the door."""
    settings.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(switch)
    navigation.add("phones.index", _l("Queues and telephones"), "headset", (MANAGE,), "manage", 60)
