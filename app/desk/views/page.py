"""The desk itself and its three columns: who calls, what is wanted, what to answer."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.desk import operations
from app.desk.operations.conversations import topic
from app.desk.operations.drafts import draft_of
from app.desk.queries import open_conversation, templates_for, who_calls
from app.desk.queries.likely import Reason
from app.desk.queries.templates import fill
from app.desk.views import phone
from app.desk.views.blueprint import blueprint
from app.identity import authority
from app.identity.session import acting, current_actor, current_user_id
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.kernel.i18n import localized
from app.knowledge import queries as answers_library
from app.knowledge.queries.scope import READ as KNOWLEDGE
from app.telephony.agents import settings as phone_settings
from app.web.access import requires
from app.web.inputs import text
from app.web.security import let_phone
from app.workorders.labels import COLOUR, status_label
from app.workorders.views.intake import beside_form, form_context
from app.workorders.views.intake_form import category

ANSWERS = 6


@blueprint.get("/")
@requires("desk.use")
def desk() -> ResponseReturnValue:
    """The whole desk, as it was left: the open conversation, what was typed."""
    me = current_user_id()
    values: dict[str, Any] = {"key": db.new_id(), "channel": "phone"} | draft_of(me)
    if text("category"):
        values["category"] = text("category")
    values.setdefault("category", "fault_repair")
    conversation = open_conversation(me)
    typed = conversation.number if conversation else ""
    chosen = conversation.customer_number if conversation else ""
    shown = phone.frame()
    if shown is not None and shown["wss"]:
        let_phone(phone_settings.current().origin)
    return render_template(
        "desk/desk.html",
        phone=shown,
        conversation=conversation,
        topic=topic(me),
        caller=who_calls(typed or chosen, chosen=chosen, **acting()) if conversation else None,
        learnt=phone.learnt_of(conversation.call_ref) if conversation else None,
        **_left(),
        **form_context(values, {}),
        **_right(text("q"), str(values["category"])),
    )


@blueprint.post("/caller")
@requires("desk.use")
def caller() -> ResponseReturnValue:
    """A number, account or name was typed, or an account was picked: who is it and what do they likely want."""
    typed, chosen = text("typed")[:100], text("customer")[:32]
    me = current_user_id()
    conversation = open_conversation(me)
    if conversation is None or (typed and typed != conversation.number and not chosen):
        operations.begin(operations.Began(number=typed[:40], channel=text("channel") or "phone"), **acting())
        if conversation is not None:  # another caller: what was typed for the last one must not become theirs
            operations.drop_draft(actor=current_actor())
            if request.headers.get("HX-Request"):
                return anew()
    found = who_calls(typed, chosen=chosen, **acting())
    if found.chosen is not None:
        operations.choose_customer(found.chosen.number, **acting())
    if not request.headers.get("HX-Request"):  # sent before the page's script was ready
        return redirect(url_for("desk.desk"))
    present = open_conversation(me)
    learnt = phone.learnt_of(present.call_ref) if present else None
    return render_template("desk/_caller.html", caller=found, learnt=learnt, **_left(), conversation=present)


@blueprint.get("/caller")
@requires("desk.use")
def caller_again() -> ResponseReturnValue:
    """The same, looked at again: something about orders has changed."""
    conversation = open_conversation(current_user_id())
    chosen = conversation.customer_number if conversation else ""
    typed = (conversation.number if conversation else "") or chosen
    found = who_calls(typed, chosen=chosen, **acting()) if conversation else None
    learnt = phone.learnt_of(conversation.call_ref) if conversation else None
    return render_template("desk/_caller.html", caller=found, learnt=learnt, **_left(), conversation=conversation)


@blueprint.post("/call")
@requires("desk.use")
def call() -> ResponseReturnValue:
    """The telephone says that a call has come to this agent: number, its own id, direction.

    A call that the agent makes while a conversation is open belongs to it, and colleagues are no customers.
    """
    number, direction = text("number")[:40], text("direction") or "inbound"
    ref = text("call_ref")[:64] or (phone.call_of(number) if direction == "inbound" else "")
    if direction == "inbound" and not ref and phone.is_colleague(number):
        return "", 204
    began = operations.Began(
        number=number, channel=text("channel") or "phone", direction=direction, call_ref=ref or None
    )
    before = open_conversation(current_user_id())
    if before is not None and direction == "outbound":
        return "", 204
    operations.begin(began, **acting())
    if before is None or not ref or before.call_ref != ref:  # told twice, what was typed since stays
        operations.drop_draft(actor=current_actor())
    known = phone.learnt_of(ref)
    if known is not None and known.account_no:
        with suppress(Invalid):  # the account stands in a unit that this agent does not see
            operations.choose_customer(known.account_no, **acting())
    return anew() if request.headers.get("HX-Request") else redirect(url_for("desk.desk"))


@blueprint.post("/fields")
@requires("desk.use")
def fields() -> ResponseReturnValue:
    """Another category or sub-type: its fields and questions, with what was typed."""
    operations.keep_draft(_typed(), **acting())
    return render_template("desk/_request.html", **form_context(request.form, {}))


@blueprint.post("/look")
@requires("desk.use")
def look() -> ResponseReturnValue:
    """While somebody types: keep it, show what may be the same and which limits will apply."""
    operations.keep_draft(_typed(), **acting())
    return render_template("workorders/_sight.html", **beside_form())


@blueprint.get("/answers")
@requires("desk.use")
def answers() -> ResponseReturnValue:
    """Answers to what is asked, or to what was typed as the customer's words."""
    question = text("q") or text("description")[:200]
    return render_template("desk/_answers.html", **_right(question, category()))


def anew() -> ResponseReturnValue:
    """Have the page fetch the desk anew and leave the phone beside it as it is: a call may be under way."""
    where = {"path": url_for("desk.desk"), "target": "#desk-work", "select": "#desk-work", "swap": "outerHTML"}
    return "", 204, {"HX-Location": json.dumps({**where, "push": "false"})}


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name != "csrf_token"}


def _left() -> dict[str, Any]:
    return {"colour": COLOUR, "status_label": status_label, "order_of": order_of}


def order_of(reason: Reason) -> Any:
    """The order a reason is about, None where it is about something else."""
    return reason.facts.get("order")


def _right(question: str, chosen: str) -> dict[str, Any]:
    actor, now = current_actor(), clock.now()
    paths = authority.paths(actor, KNOWLEDGE, now=now)
    day = now.astimezone(LOCAL).date()
    hits = answers_library.search(question, paths=paths, day=day, business=chosen, limit=ANSWERS)
    templates = templates_for(current_user_id(), paths=authority.paths(actor, "desk.use", now=now), business=chosen)
    known = _placeholders()
    return {
        "question": question,
        "hits": hits,
        "templates": [(each, fill(localized(each.text, each.text_en), **known)) for each in templates],
    }


def _placeholders() -> dict[str, str]:
    """What is known for the placeholders of templates."""
    return {
        "customer": text("contact_name"),
        "address": text("address"),
        "number": text("order_number"),
        "limit": text("limit"),
        "agent": current_actor().username,
    }
