"""A call tried in the browser: begun, and played again from its inputs for every look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.registry import registry
from app.telephony import lookups
from app.telephony.ivr import commands as c
from app.telephony.ivr.events import Done, Event, Failed
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.loading import load_set
from app.telephony.ivr.phone import Phone, default_answer, stubbed
from app.telephony.ivr.problems import BadFlow
from app.telephony.ivr.values import NotPlain, clean
from app.telephony.models import IvrTrial
from app.telephony.operations.flows import READ
from app.telephony.queries import flows as queries

log = structlog.get_logger(__name__)

PERSONAL = "customer.sensitive"
"""Who may ask real look-ups about one customer."""
MAX_INPUTS = 400


class NoTrial(Conflict):
    """No call is under way, or its flows have changed since."""

    code = "no_trial"


@dataclass(frozen=True, slots=True)
class Trial:
    """A call being tried, played up to now."""

    flow: str
    source: str
    answers: str
    number: str
    flows: FlowSet
    phone: Phone


def begin(name: str, *, source: str, answers: str, number: str, actor: Actor, now: datetime) -> Trial:
    """Dial; the call before it is forgotten. Raises NoTrial where the flows cannot be read."""
    authority.require(actor, READ, unit_path=None, now=now)
    flows = _flows(source)
    if name not in flows:
        raise NoTrial(_l("There is no flow %(name)s.", name=name))
    row = session.get(IvrTrial, actor.id) or IvrTrial(user_id=actor.id)
    row.flow, row.source, row.at, row.inputs = name, source, now, []
    row.answers = "real" if answers == "real" else "stubs"
    row.beginning = {"number": number[:40], "now": now.isoformat(), "pins": flows.pins}
    session.add(row)
    return _proceed(row, [], actor, now)


def act(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> Trial:
    """One more input: `{press}`, `{wait}`, `{hang_up}`, `{answer: …}`. Raises NoTrial, Invalid."""
    row = session.get(IvrTrial, actor.id)
    if row is None:
        raise NoTrial(_l("No call is under way: dial first."))
    if len(row.inputs) >= MAX_INPUTS:
        raise Invalid(_l("This call has gone on for very long: dial again."))
    return _proceed(row, [clean(given)], actor, now)


def current(*, actor: Actor) -> Trial | None:
    """The call under way, None where there is none or its flows have changed."""
    row = session.get(IvrTrial, actor.id)
    if row is None:
        return None
    try:
        return _trial(row, _played(row))
    except NoTrial:
        return None


def _proceed(row: IvrTrial, more: list[Any], actor: Actor, now: datetime) -> Trial:
    """Play on, and ask what can be asked, until a person is needed."""
    phone = _played(row)
    inputs = list(row.inputs)
    for given in more:
        _apply(phone, given)
        inputs.append(given)
    while len(inputs) < MAX_INPUTS and (answer := _by_itself(phone, row.answers, actor, now)) is not None:
        _apply(phone, answer)
        inputs.append(answer)
    row.inputs = inputs
    session.flush()
    return _trial(row, phone)


def _trial(row: IvrTrial, phone: Phone) -> Trial:
    return Trial(row.flow, row.source, row.answers, row.beginning["number"], phone.flows, phone)


def _flows(source: str) -> FlowSet:
    try:
        return load_set(queries.working_copy()) if source == "draft" else queries.flow_set()
    except BadFlow as error:
        raise NoTrial(_l("The drafts have errors: %(first)s", first=str(error.problems[0]))) from None


def _played(row: IvrTrial) -> Phone:
    flows = _flows("draft") if row.source == "draft" else queries.flow_set(row.beginning["pins"])
    if flows.pins != row.beginning["pins"]:
        raise NoTrial(_l("The flows have changed since this call began: dial again."))
    call = {"id": "trial", "number": row.beginning["number"], "called": "95598"}
    phone = Phone.call(flows, row.flow, call, datetime.fromisoformat(row.beginning["now"]))
    for given in row.inputs:
        _apply(phone, given)
    return phone


def _apply(phone: Phone, given: Mapping[str, Any]) -> None:
    if "press" in given:
        phone.press(str(given["press"])[:1])
    elif "wait" in given:
        phone.wait()
    elif "hang_up" in given:
        phone.hang_up()
    elif phone.waiting is not None and not isinstance(phone.waiting, c.Gather):
        phone.answer(stubbed(given.get("answer")))


def _by_itself(phone: Phone, answers: str, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The input that needs nobody: an effect that is not really done, a look-up that may be asked and only reads."""
    waiting = phone.waiting
    if phone.over or waiting is None or isinstance(waiting, c.Gather):
        return None
    if not isinstance(waiting, c.Lookup):
        event = default_answer(waiting)
        return _as_input(event) if event is not None else None
    found = registry.lookups.get(waiting.name)
    personal, writes = (found.personal, found.writes) if found is not None else (False, False)
    if answers != "real" or writes or (personal and not authority.may(actor, PERSONAL, unit_path=None, now=now)):
        return None
    return _as_input(_asked(waiting, actor, now))


def _asked(waiting: c.Lookup, actor: Actor, now: datetime) -> Event:
    try:
        with session.begin_nested():
            event = lookups.answer(waiting, actor=actor, now=now)
        return Done(event.command_id, clean(event.result)) if isinstance(event, Done) else event
    except NotPlain:
        return Failed(waiting.id, "bad_result")
    except Exception:
        log.exception("trial.lookup_failed", lookup=waiting.name)
        return Failed(waiting.id, "unavailable")


def _as_input(event: Event) -> dict[str, Any]:
    return {"answer": dict(event.result) if isinstance(event, Done) else {"error": getattr(event, "error", "failed")}}
