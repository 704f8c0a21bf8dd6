"""What a telephone flow or a report may ask: is this customer, is this address without supply?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields

from app.customers import addresses
from app.customers.models import Customer, Premises
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.kernel.registry import registry
from app.outages.queries.affected import Affected, cause_words, of_customer


class AskCustomer(Schema):
    account_no = fields.String(load_default="")
    customer_id = fields.Integer(load_default=None, allow_none=True)


class AskAddress(Schema):
    address = fields.String(required=True)


class Answer(Schema):
    known = fields.Boolean()
    number = fields.String()
    nature = fields.String()
    since = fields.String(allow_none=True)
    etr = fields.String(allow_none=True)
    etr_passed = fields.Boolean()
    cause = fields.String()
    cause_zh = fields.String()
    cause_en = fields.String()
    confirmed = fields.Boolean()
    text_zh = fields.String()
    text_en = fields.String()


@registry.lookup(
    "outages.of_customer",
    title="客户当前停电",
    title_en="A customer's present outage",
    inputs=AskCustomer,
    outputs=Answer,
)
def outage_of_customer(
    *, now: datetime, actor: Actor, account_no: str = "", customer_id: int | None = None
) -> Mapping[str, Any]:
    """The outage a customer is in, by 户号 or id. Arrears are not told: the caller need not be identified."""
    del actor
    where = Customer.id == customer_id if customer_id is not None else Customer.number == account_no.strip()
    found = session.scalar(sa.select(Customer.id).where(where))
    return UNKNOWN if found is None else _answer(of_customer(found, now), now)


@registry.lookup(
    "outages.of_address",
    title="地址当前停电",
    title_en="The present outage at an address",
    inputs=AskAddress,
    outputs=Answer,
)
def outage_of_address(*, now: datetime, actor: Actor, address: str) -> Mapping[str, Any]:
    """The outage at exactly this address, whoever lives there."""
    del actor
    key = addresses.key(address)
    query = (
        sa.select(Customer.id)
        .join(Premises, Premises.id == Customer.premises_id)
        .where(Premises.address_key == key, Customer.status != "closed")
        .limit(MOST)
    )
    for customer_id in session.scalars(query) if key else ():
        found = of_customer(customer_id, now)
        if found is not None:
            return _answer(found, now)
    return UNKNOWN


MOST = 20
"""Customers of one address that are looked at."""

UNKNOWN: Mapping[str, Any] = {
    "known": False,
    "number": "",
    "nature": "",
    "since": None,
    "etr": None,
    "etr_passed": False,
    "cause": "",
    "cause_zh": "",
    "cause_en": "",
    "confirmed": False,
    "text_zh": "",
    "text_en": "",
}
"""The answer where no outage is known."""


def _answer(found: Affected | None, now: datetime) -> Mapping[str, Any]:
    if found is None or found.nature == "arrears":
        return UNKNOWN
    texts = {}
    for locale in ("zh", "en"):
        with in_locale(locale):
            texts[f"text_{locale}"] = found.text(now=now)
            known = found.cause and found.cause != "unknown"
            texts[f"cause_{locale}"] = cause_words(found.cause) if known else ""
    return {
        "known": True,
        "number": found.number,
        "nature": found.nature,
        "since": found.since.isoformat(),
        "etr": found.etr.isoformat() if found.etr else None,
        "etr_passed": found.etr is not None and found.etr <= now,
        "cause": found.cause,
        "confirmed": found.confirmed,
        **texts,
    }
