"""Note who looked at a customer, and give out one masked value to somebody who may have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.customers.models import Contact, Customer
from app.customers.page_rules import page_rules
from app.customers.phones import national
from app.customers.queries.looks import LOOKED, REVEALED, SUBJECT, looked_lately
from app.customers.queries.view import VIEW, CustomerNotFound, CustomerView, customer_row
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid

REVEAL = "customer.reveal"
CONTACT_FIELDS = {"contact": "name", "phone": "phone", "fax": "fax", "email": "email"}
CUSTOMER_FIELDS = {"name": "name", "address": "address", "identity": "identity_masked"}
MAX_REASON = 200


class ReasonMissing(Invalid):
    """The installation wants to know why somebody looks at this customer."""

    code = "customer_reason_missing"


def note_look(
    number: str, *, reason: str = "", note: str = "", page: str = "page", actor: Actor, now: datetime
) -> bool:
    """Note a look; once per person, customer and the rules' period. Returns whether it was noted now.

    Raises `CustomerNotFound`, `Forbidden`, `ReasonMissing` (a reason is required and none of the rules' is given).
    """
    customer = customer_row(number)
    authority.require(actor, VIEW, unit_path=customer.unit_path, now=now)
    if looked_lately(customer.number, actor=actor, now=now, within=page_rules().noted_every):
        return False
    record_look(customer, reason=reason, note=note, page=page, actor=actor, now=now)
    return True


def record_look(
    seen: Customer | CustomerView, *, reason: str = "", note: str = "", page: str = "page", actor: Actor, now: datetime
) -> None:
    """Note a look at a customer whose reader has been checked (`customer_view`). Raises `ReasonMissing`."""
    rules = page_rules()
    if rules.needs_reason(seen.kind) and reason not in rules.reasons:
        message = _l("Say why you look at this customer.")
        raise ReasonMissing(message, errors={"reason": [message]})
    details = {"page": page} | ({"reason": reason} if reason else {}) | ({"note": note[:MAX_REASON]} if note else {})
    _record(LOOKED, seen, details, actor=actor, now=now)


def reveal(number: str, field: str, *, contact_id: int | None = None, actor: Actor, now: datetime) -> str:
    """The whole value of one masked field; each is noted in the audit trail, every time.

    Raises `CustomerNotFound`, `Forbidden` (right `customer.reveal` there), `Invalid` for a field that is none.
    """
    customer = customer_row(number)
    authority.require(actor, VIEW, unit_path=customer.unit_path, now=now)
    authority.require(actor, REVEAL, unit_path=customer.unit_path, now=now)
    value = _value(customer, field, contact_id)
    details = {"field": field} | ({"contact": contact_id} if contact_id is not None else {})
    _record(REVEALED, customer, details, actor=actor, now=now)
    return value


def _value(customer: Customer, field: str, contact_id: int | None) -> str:
    if field in CUSTOMER_FIELDS:
        return str(getattr(customer, CUSTOMER_FIELDS[field]))
    if field not in CONTACT_FIELDS:
        raise Invalid(_l("There is no such field."))
    contact = session.get(Contact, contact_id) if contact_id is not None else None
    if contact is None or contact.customer_id != customer.id:
        raise CustomerNotFound(_l("This contact does not exist."))
    value = str(getattr(contact, CONTACT_FIELDS[field]))
    return national(value) if field in {"phone", "fax"} else value


def _record(
    action: str, customer: Customer | CustomerView, details: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type=SUBJECT,
        subject_id=customer.number,
        unit_path=customer.unit_path,
        details=details,
    )
