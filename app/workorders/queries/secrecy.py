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

from app.customers.queries import find as customers
from app.identity import authority
from app.kernel.actor import Actor
from app.workorders.models import WorkOrder
from app.workorders.queries.orders import OrderView
from app.workorders.queries.units import parent_path
from app.workorders.redaction import without

KNOW = "order.secret"
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
    """A function that stars in a text the person of the order and the holder of the account it names."""
    holder = customers.by_number(order.account_no) if order.account_no.strip() else None
    given = getattr(order, "phone_as_given", "")
    return without(
        names=[order.contact_name, *([holder.name] if holder else [])],
        numbers=[order.contact_phone, given, order.account_no, order.answer_to],
        places=[order.address, *([holder.address] if holder else [])],
    )


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
