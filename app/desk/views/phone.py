"""The agent's phone on the desk: what its code asks the server for. Answers are JSON, and never kept by anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk.queries import who_calls
from app.desk.views.blueprint import blueprint
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.errors import Conflict
from app.kernel.i18n import localized
from app.telephony import config
from app.telephony.agents import acts, credentials, dialling, presence, ringing, settings
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.queries import telephone_of
from app.telephony.calls.operations.queueing import desk_topic
from app.web.access import requires
from app.web.inputs import text
from app.web.security import limiter


def frame() -> dict[str, Any] | None:
    """What the desk's page shows of the phone of who reads it; None where they have none that works here."""
    agent = telephone_of(current_actor().username)
    given, telephony = settings.current(), config.current()
    if agent is None or not (given.wss if agent.kind == "browser" else telephony.switch):
        return None
    return {
        "extension": agent.extension,
        "kind": agent.kind,
        "domain": telephony.domain,
        "wss": given.wss if agent.kind == "browser" else "",
        "topic": desk_topic(agent.extension),
        "reasons": [(one.code, localized(one.name, one.name_en)) for one in presence.reasons()],
    }


@blueprint.post("/phone/sign-in")
@requires("desk.use")
@limiter.limit("30 per minute")
def phone_sign_in() -> ResponseReturnValue:
    """A password for this desk's browser, good for minutes; `renew` where the desk has one already."""
    actor = current_actor()
    given = credentials.sign_in(
        actor.username,
        text("seat"),
        renew=bool(text("renew")),
        domain=config.current().domain,
        settings=settings.current(),
        **acting(),
    )
    agent = _agent()
    if not text("renew") and presence.presence(agent, now=clock.now()).reason == presence.LEFT_DESK:
        _try_status(agent, "ready")
    return _private(
        {
            "extension": given.extension,
            "domain": given.domain,
            "password": given.password,
            "seconds": given.seconds,
            "ice": given.ice,
        }
    )


@blueprint.post("/phone/left")
@requires("desk.use")
def phone_left() -> ResponseReturnValue:
    """The desk's page is closed: its password is void, and no call is sent to it."""
    extension = credentials.sign_off(current_actor().username, text("seat"), now=clock.now())
    if extension is not None:
        agent = _agent()
        if presence.presence(agent, now=clock.now()).status == "ready":
            _try_status(agent, "pause", presence.LEFT_DESK)
    return "", 204


@blueprint.get("/phone/state")
@requires("desk.use")
def phone_state() -> ResponseReturnValue:
    """Whether calls come, and the call of a queue that rings or is talked."""
    return _state(_agent())


@blueprint.post("/phone/status")
@requires("desk.use")
def phone_status() -> ResponseReturnValue:
    """Ready, on a break for a reason, or off."""
    agent = _agent()
    presence.set_status(agent, text("status"), reason=text("reason"), telephony=config.current(), **acting())
    return _state(agent)


@blueprint.post("/phone/dial")
@requires("desk.use")
def phone_dial() -> ResponseReturnValue:
    """May this number be called now? A telephone of its own rings at once, a browser dials by itself."""
    agent = _agent()
    number = dialling.dialled(agent, text("number"), urgent=bool(text("urgent")), **acting())
    if agent.kind == "telephone":
        dialling.ring_first(agent, number, telephony=config.current())
    return _private({"number": number})


@blueprint.post("/phone/act")
@requires("desk.use")
def phone_act() -> ResponseReturnValue:
    """Something with the call on a telephone of its own: `hangup`, `hold`, `transfer`."""
    agent, telephony = _agent(), config.current()
    match text("act"):
        case "hangup":
            acts.hang_up(agent, telephony=telephony, now=clock.now())
        case "hold":
            acts.hold(agent, telephony=telephony, now=clock.now())
        case "transfer":
            acts.hand_over(agent, text("number"), telephony=telephony, **acting())
        case _:
            return "", 400
    return "", 204


@blueprint.get("/phone/caller")
@requires("desk.use")
def phone_caller() -> ResponseReturnValue:
    """Who rings: name, account, likely reason and where they came through, before anybody answers."""
    agent, now = _agent(), clock.now()
    ref = text("ref")[:64] or _ref(agent, now)
    known = ringing.learnt(ref, extension=agent.extension, now=now) if ref else None
    number = text("number")[:40]
    found = who_calls(number, chosen=known.account_no if known else "", **acting())
    return render_template("desk/_ringing.html", caller=found, learnt=known, number=number)


def _agent() -> PhoneAgent:
    agent = telephone_of(current_actor().username)
    if agent is None:
        raise credentials.NoPhone(_("You have no telephone."))
    return agent


def _ref(agent: PhoneAgent, now: datetime) -> str:
    """The call of a queue at this telephone now."""
    call = ringing.at_telephone(agent.extension, now=now)
    return call.call_key if call is not None else ""


def call_of(number: str) -> str:
    """The call of a queue that is at the reader's telephone and comes from this number; empty where there is none."""
    agent = telephone_of(current_actor().username)
    call = ringing.at_telephone(agent.extension, now=clock.now()) if agent is not None else None
    return call.call_key if call is not None and call.number == number else ""


def is_colleague(number: str) -> bool:
    """Whether a number is one of our own telephones."""
    return number.isdigit() and len(number) <= dialling.OWN


def learnt_of(ref: str | None) -> ringing.Learnt | None:
    """What the line learnt of the reader's call."""
    agent = telephone_of(current_actor().username) if ref else None
    return ringing.learnt(ref, extension=agent.extension, now=clock.now()) if agent is not None and ref else None


def _try_status(agent: PhoneAgent, status: str, reason: str = "") -> None:
    """Follow the desk's page as far as the switch can be told."""
    try:
        presence.set_status(agent, status, reason=reason, telephony=config.current(), **acting())
    except Conflict:
        return


def _state(agent: PhoneAgent) -> Response:
    now = clock.now()
    here = presence.presence(agent, now=now)
    call = ringing.at_telephone(agent.extension, now=now)
    names = {one.code: localized(one.name, one.name_en) for one in presence.reasons(all_of_them=True)}
    return _private(
        {
            "status": here.status,
            "reason": str(names.get(here.reason) or presence.OWN_REASONS.get(here.reason, here.reason)),
            "seconds": _seconds(here.since, now),
            "wrap": max(0, int((here.wrap_until - now).total_seconds())) if here.wrap_until else 0,
            "call": {
                "ref": call.call_key,
                "number": call.number,
                "talking": call.talking,
                "seconds": _seconds(call.since, now),
            }
            if call is not None
            else None,
        }
    )


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since is not None else 0


def _private(content: dict[str, Any]) -> Response:
    response = jsonify(content)
    response.headers["Cache-Control"] = "no-store"
    return response
