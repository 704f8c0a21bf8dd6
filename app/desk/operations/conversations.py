"""Conversations: begun by the phone or by the first word typed, ended by the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.phones import normalise
from app.customers.queries.find import by_number
from app.desk.models import Conversation
from app.identity import authority
from app.identity import queries as people
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid

USE = "desk.use"
RESULTS = ("order", "solved", "reminded", "joined", "told", "dropped")
LONGEST = 40


class NoConversation(Conflict):
    """The agent is in no conversation."""

    code = "no_conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """How a conversation begins: `number` as it came, `call_ref` the telephone system's id of the call."""

    number: str = ""
    channel: str = "phone"
    direction: str = "inbound"
    call_ref: str | None = None


def topic(agent_id: int) -> str:
    """The live topic of an agent's desk."""
    return f"desk:{agent_id}"


def begin(began: Began, *, actor: Actor, now: datetime) -> int:
    """Begin a conversation; returns its id. The one before ends; for an agent the same call begins only once.

    Raises `Forbidden` (right `desk.use`), `Invalid`.
    """
    agent = _agent(actor, now)
    if len(began.number) > LONGEST or began.direction not in {"inbound", "outbound"}:
        raise Invalid(_l("This is no phone number."), errors={"number": [_l("This is no phone number.")]})
    call_ref = began.call_ref
    if call_ref:
        known = session.scalar(sa.select(Conversation).where(Conversation.call_ref == call_ref))
        if known is not None and known.agent_id == agent:
            return known.id
        if known is not None:  # handed over to this agent: the call stays with who had it first
            call_ref = None
    current = _open(agent)
    if current is not None:
        _end(current, now=now)
    row = Conversation(
        agent_id=agent,
        unit_path=people.home_path(agent),
        channel=began.channel,
        direction=began.direction,
        call_ref=call_ref,
        number=began.number.strip(),
        phone=normalise(began.number) or "",
        started_at=now,
    )
    session.add(row)
    session.flush()
    live.touch(topic(agent))
    return row.id


def choose_customer(number: str, *, actor: Actor, now: datetime) -> None:
    """Note whom the conversation is with, by the account's number. Raises `NoConversation`, `Invalid`."""
    row = _present(actor, now)
    customer = by_number(number, paths=authority.paths(actor, "customer.view", now=now))
    if customer is None:
        raise Invalid(_l("There is no such customer."), errors={"customer": [_l("There is no such customer.")]})
    row.customer_id = customer.id


def note_order(number: str, *, result: str, category: str, sub_type: str = "", actor: Actor, now: datetime) -> None:
    """Note an order that came of the conversation, and how (`order`, `solved`, `reminded`, `joined`)."""
    row = _present(actor, now)
    row.orders = [*[each for each in row.orders if each != number], number]
    row.result, row.category, row.sub_type = result, category, sub_type


def note_answer(number: str, *, actor: Actor, now: datetime) -> None:
    """Note an article of the answers library that was used; nothing where no conversation is open."""
    row = _open(_agent(actor, now))
    if row is not None and number not in row.answers:
        row.answers = [*row.answers, number]


def end(*, result: str = "", category: str = "", note: str = "", actor: Actor, now: datetime) -> None:
    """End the conversation. Raises `NoConversation`, `Invalid`."""
    row = _present(actor, now)
    if result and result not in RESULTS:
        raise Invalid(_l("Say what came of it."), errors={"result": [_l("Say what came of it.")]})
    row.note = note.strip()[:500]
    row.category = row.category or category
    row.result = row.result or result
    _end(row, now=now)
    live.touch(topic(row.agent_id))


def _end(row: Conversation, *, now: datetime) -> None:
    row.ended_at = now
    row.result = row.result or ("told" if row.customer_id or row.answers else "dropped")


def _present(actor: Actor, now: datetime) -> Conversation:
    row = _open(_agent(actor, now))
    if row is None:
        raise NoConversation(_l("No conversation is open: type the caller's number first."))
    return row


def _open(agent_id: int) -> Conversation | None:
    query = sa.select(Conversation).where(Conversation.agent_id == agent_id, Conversation.ended_at.is_(None))
    return session.scalar(query.with_for_update())


def _agent(actor: Actor, now: datetime) -> int:
    authority.require(actor, USE, unit_path=None, now=now)
    if actor.id is None:
        raise NoConversation(_l("Only people talk at the desk."))
    return actor.id
