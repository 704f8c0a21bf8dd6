"""What goes in and out of the resources of bills and payments. Amounts are texts, so that none loses a cent."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

Money = fields.Decimal


class BillsQuery(Schema):
    limit = fields.Integer(load_default=24, validate=validate.Range(1, 240))


class BillLine(Schema):
    """One line; `why` is its calculation in the caller's language, `counted` false where it is part of another."""

    code = fields.String()
    title = fields.String()
    quantity = fields.String()
    unit = fields.String()
    price = fields.String()
    amount = fields.String()
    why = fields.String()
    rule = fields.String()
    counted = fields.Boolean()


class Bill(Schema):
    """A bill; [from_on, to_on) are the days it covers, `late` the late fee owed on it today."""

    number = fields.String()
    period = fields.String()
    kind = fields.String()
    state = fields.String()
    from_on = fields.Date()
    to_on = fields.Date()
    energy = Money(as_string=True)
    amount = Money(as_string=True)
    paid = Money(as_string=True)
    left = Money(as_string=True)
    late = Money(as_string=True)
    issued_on = fields.Date(allow_none=True)
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()


class BillDetails(Bill):
    """A bill with its lines, and the numbers of the documents of its correction."""

    customer = fields.String()
    tariff = fields.String()
    reason = fields.String()
    lines = fields.List(fields.Nested(BillLine))
    facts = fields.Dict()
    related = fields.List(fields.String())


class Arrears(Schema):
    """`principal` and `late` are past due, `open` is owed and not yet due; yuan."""

    principal = Money(as_string=True)
    late = Money(as_string=True)
    total = Money(as_string=True)
    open = Money(as_string=True)
    since = fields.Date(allow_none=True)


class CustomerBills(Schema):
    """A customer's bills, newest first, and what is owed."""

    customer = fields.String()
    balance = Money(as_string=True)
    arrears = fields.Nested(Arrears)
    items = fields.List(fields.Nested(Bill))


class NewPayment(Schema):
    """A payment; (`source`, `reference`) names it: sent again it is recorded once."""

    customer = fields.String(required=True, validate=validate.Length(1, 32))
    amount = fields.Decimal(required=True, allow_nan=False)
    source = fields.String(required=True, validate=validate.Length(1, 40))
    reference = fields.String(required=True, validate=validate.Length(1, 80))
    paid_on = fields.Date(load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=validate.Length(max=300))


class RecordedPayment(Schema):
    """`new` is false where it was recorded before; `balance` is held in advance after it, yuan."""

    number = fields.String()
    new = fields.Boolean()
    balance = Money(as_string=True)


def day_or(given: date | None, today: date) -> date:
    """The day sent, today where none was."""
    return given or today


def plain(values: Any) -> dict[str, Any]:
    """The fields of a value object by name."""
    return {name: getattr(values, name) for name in type(values).__dataclass_fields__}
