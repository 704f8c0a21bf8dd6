"""One customer as their page and the API show it: within the reader's units, masked by right.

Reading notes nothing: whoever shows a customer to a person calls `operations.looks.note_look`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.masking import masked
from app.customers.models import Contact, Customer, CustomerSetting, Premises
from app.customers.page_rules import PageRules, page_rules
from app.customers.phones import national
from app.customers.queries.settings import SettingView, setting_view
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound

VIEW = "customer.view"
SENSITIVE = "customer.sensitive"


class CustomerNotFound(NotFound):
    code = "customer_not_found"


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to speak to; masked fields cannot be dialled."""

    id: int
    name: str
    role: str
    phone: str
    email: str
    fax: str
    preferred: bool
    note: str


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer (`models.Customer` says what the columns mean); `hidden` names the fields that are masked."""

    id: int
    number: str
    name: str
    kind: str
    category: str
    industry: str
    voltage: str
    load_nature: str
    importance: str
    contract_capacity: Decimal | None
    running_capacity: Decimal | None
    segment_code: str
    tariff_code: str
    status: str
    cut_off: bool
    cut_off_at: datetime | None
    opened_on: date | None
    closed_on: date | None
    balance: Decimal
    credit_code: str
    identity: str
    unit_code: str
    unit_path: str
    address: str
    area: str
    transformer_code: str
    line_code: str
    meter_box: str
    updated_at: datetime
    revision: int
    setting: SettingView
    contacts: Sequence[ContactView]
    hidden: frozenset[str]


PLAIN = (
    "id",
    "number",
    "kind",
    "category",
    "industry",
    "voltage",
    "load_nature",
    "importance",
    "contract_capacity",
    "running_capacity",
    "segment_code",
    "tariff_code",
    "status",
    "cut_off",
    "cut_off_at",
    "opened_on",
    "closed_on",
    "balance",
    "credit_code",
    "unit_code",
    "unit_path",
    "updated_at",
    "revision",
)


def customer_view(which: str | int, *, right: str = VIEW, actor: Actor, now: datetime) -> CustomerView:
    """A customer by number (text) or id. Raises `CustomerNotFound`, `Forbidden` (`right` is asked for there)."""
    customer, place, setting = _row(which)
    authority.require(actor, right, unit_path=customer.unit_path, now=now)
    open_ = authority.may(actor, SENSITIVE, unit_path=customer.unit_path, now=now)
    rules = page_rules()
    hidden = frozenset() if open_ else hidden_fields(customer.kind, rules)
    return CustomerView(
        **{name: getattr(customer, name) for name in PLAIN},
        name=_shown("name", customer.name, hidden, rules),
        identity=_shown("identity", customer.identity_masked, hidden, rules),
        address=_shown("address", customer.address or place.address, hidden, rules),
        area=place.area,
        transformer_code=place.transformer_code,
        line_code=place.line_code,
        meter_box=place.meter_box,
        setting=setting_view(setting),
        contacts=[_contact(row, hidden, rules) for row in contacts_of(customer.id)],
        hidden=hidden,
    )


def hidden_fields(kind: str, rules: PageRules) -> frozenset[str]:
    """The fields of a customer of this kind that are personal."""
    return frozenset(name for name, rule in rules.fields.items() if not rule.kinds or kind in rule.kinds)


def contacts_of(customer_id: int) -> list[Contact]:
    """The contacts, the preferred one first: rows, unmasked, for operations and services."""
    query = sa.select(Contact).where(Contact.customer_id == customer_id)
    return list(session.scalars(query.order_by(Contact.preferred.desc(), Contact.id)))


def customer_row(which: str | int) -> Customer:
    """The row, without a check of rights: for operations. Raises `CustomerNotFound`."""
    return _row(which)[0]


def _row(which: str | int) -> tuple[Customer, Premises, CustomerSetting | None]:
    """Everything that is one row a customer, in one statement."""
    wanted = Customer.id == which if isinstance(which, int) else Customer.number == which.strip()
    query = (
        sa.select(Customer, Premises, CustomerSetting)
        .join(Premises, Premises.id == Customer.premises_id)
        .outerjoin(CustomerSetting, CustomerSetting.customer_id == Customer.id)
        .where(wanted)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise CustomerNotFound(_l("There is no customer %(number)s.", number=str(which)), number=str(which))
    return found[0], found[1], found[2]


def _contact(row: Contact, hidden: frozenset[str], rules: PageRules) -> ContactView:
    return ContactView(
        id=row.id,
        name=_shown("contact", row.name, hidden, rules),
        role=row.role,
        phone=_shown("phone", national(row.phone), hidden, rules),
        email=_shown("email", row.email, hidden, rules),
        fax=_shown("fax", national(row.fax), hidden, rules),
        preferred=row.preferred,
        note="" if "contact" in hidden else row.note,
    )


def _shown(field: str, text: str, hidden: frozenset[str], rules: PageRules) -> str:
    return masked(text, rules.fields[field].mask) if field in hidden else text
