"""Pages of queues and telephones, and the door for FreeSWITCH's questions."""

from __future__ import annotations

import hmac
import re
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.errors import Invalid
from app.kernel.i18n import localized
from app.telephony import config
from app.telephony.agents import acts, board, directory, operations, presence, queries, settings
from app.telephony.agents.credentials import NoPhone
from app.telephony.agents.models import STRATEGIES, PhoneAgent
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


@blueprint.get("/now")
@requires(board.WATCH)
def now() -> ResponseReturnValue:
    """The hotline at this moment."""
    return render_template("agents/now.html", **_now())


@blueprint.get("/now/piece")
@requires(board.WATCH)
def now_piece() -> ResponseReturnValue:
    """The same, looked at again: something has changed."""
    return render_template("agents/_now.html", **_now())


@blueprint.post("/now/<extension>/listen")
@requires(board.LISTEN)
def listen_in(extension: str) -> ResponseReturnValue:
    """Ring the reader's telephone and let it hear this agent's talk."""
    to, by = _agent_within(extension), queries.telephone_of(current_actor().username)
    if by is None:
        raise NoPhone(_("You have no telephone to listen with."))
    acts.listen(to, by, telephony=config.current(), **acting())
    return _said(_("Your telephone rings: pick it up to listen."))


@blueprint.post("/now/<extension>/off")
@requires(board.LISTEN)
def send_off(extension: str) -> ResponseReturnValue:
    """Put an agent off duty who is not there any more."""
    presence.set_status(_agent_within(extension), "off", telephony=config.current(), **acting())
    return _said(_("The agent is off duty."))


def _now() -> dict[str, Any]:
    actor = current_actor()
    seen = board.now_at_the_line(actor=actor, now=clock.now())
    reasons = {one.code: localized(one.name, one.name_en) for one in presence.reasons(all_of_them=True)}
    return {
        "now": seen,
        "does": DOES,
        "colours": COLOURS,
        "reasons": {**{code: str(words) for code, words in presence.OWN_REASONS.items()}, **reasons},
        "queue_names": {one.code: localized(one.name, one.name_en) for one in seen.queues},
        "may_listen": bool(authority.paths(actor, board.LISTEN, now=clock.now())),
        "may_manage": bool(authority.paths(actor, MANAGE, now=clock.now())),
    }


def _agent_within(extension: str) -> PhoneAgent:
    """The agent, where they are in a unit in which the reader may listen."""
    paths = authority.paths(current_actor(), board.LISTEN, now=clock.now())
    found = next((agent for agent in board.agents_within(paths) if agent.extension == extension), None)
    if found is None:
        abort(404)
    return found


def _said(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirects.go(url_for("phones.now"))


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

DOES: dict[str, Any] = {
    "ready": _l("ready"),
    "ringing": _l("ringing"),
    "talking": _l("talking"),
    "wrap": _l("work after the call"),
    "pause": _l("on a break"),
    "off": _l("off duty"),
}
COLOURS = {"ready": "green", "ringing": "orange", "talking": "blue", "wrap": "purple", "pause": "orange", "off": "grey"}

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
    navigation.add("phones.now", _l("The hotline now"), "activity", (board.WATCH,), "service", 29)
    navigation.add("phones.index", _l("Queues and telephones"), "headset", (MANAGE,), "manage", 60)
