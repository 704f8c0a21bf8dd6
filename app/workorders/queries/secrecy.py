"""The one gate of secrecy (匿名、保密): who may know the person behind an order, and what the others see.

A person who asks for secrecy is never shown to the unit complained of. May know: who holds
the right `order.secret` at the unit *above* the one complained of, and who took the order.
Everyone else sees the order with the person taken out: the columns that name them empty,
and every text searched for their name, numbers and place, since people write names into
free text. `queries.scope.masked` and `queries.details` pass through here, and nothing else
gives orders to pages, API, prints and exports.

Beside the gate nothing may keep the person: engine variables and task titles hold none
(`search.titles`, `operations.accepting.first_facts`), the search index of such an order
knows its number alone, notices are written with `spoken`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.identity import authority
from app.kernel.actor import Actor
from app.workorders.models import WorkOrder
from app.workorders.queries.orders import OrderView
from app.workorders.queries.units import parent_path

KNOW = "order.secret"
STARS = "＊＊＊"
SHORTEST = 2
"""Characters a word must have to be looked for in texts: a single one stands everywhere."""

EMPTIED = ("contact_phone", "account_no", "address", "answer_to", "line", "transformer_area", "external_no")
TEXTS = ("description", "analysis", "findings", "action", "customer_opinion", "review_note", "measures", "answer")


def is_secret(order: OrderView | WorkOrder) -> bool:
    """Whether the person asked for secrecy."""
    return order.secrecy != "none"


def hidden_from(order: OrderView | WorkOrder, *, actor: Actor, now: datetime) -> bool:
    """Whether this actor must not learn who is behind the order."""
    if not is_secret(order) or (order.accepted_by == actor.ref and actor.id is not None):
        return False
    own = order.against_path or order.unit_path
    above = parent_path(own)
    return not authority.may(actor, KNOW, unit_path=own if above == "/" else above, now=now)


def without_person(order: OrderView) -> OrderView:
    """The order with the person taken out."""
    clean = redactor(order)
    texts: dict[str, Any] = {name: clean(getattr(order, name)) for name in TEXTS} | dict.fromkeys(EMPTIED, "")
    return replace(
        order,
        contact_name=_("Kept secret"),
        details=deep(order.details, clean),
        fault_at=None,
        appointment_at=None,
        **texts,
    )


def redactor(order: OrderView | WorkOrder) -> Callable[[str], str]:
    """A function that stars the person's name, numbers and place in a text."""
    words = sorted(_words(order), key=len, reverse=True)

    def clean(text: str) -> str:
        for word in words:
            text = text.replace(word, STARS)
        return text

    return clean


def deep(value: Any, clean: Callable[[str], str]) -> Any:
    """`clean` applied to every text of a JSON value."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: deep(each, clean) for key, each in value.items()}
    return [deep(each, clean) for each in value] if isinstance(value, list | tuple) else value


def spoken(order: OrderView | WorkOrder, text: str) -> str:
    """A text about the order for whoever may read it: without the person where secrecy was asked for."""
    return redactor(order)(text) if is_secret(order) else text


def _words(order: OrderView | WorkOrder) -> set[str]:
    phone = order.contact_phone.removeprefix("+86")
    spaced = {f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"} if phone else set()
    given = getattr(order, "phone_as_given", "")
    found = {order.contact_name, order.contact_phone, phone, given, order.account_no, order.address, order.answer_to}
    return {word.strip() for word in found | spaced if len(word.strip()) >= SHORTEST}
