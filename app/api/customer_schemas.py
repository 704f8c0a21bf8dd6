"""What goes in and out of the resource of customers. Words in code fields are those of the customers' code lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.api.order_schemas import Strict, printable

MOST_ITEMS = 1000
MOST_READINGS = 500
REGISTERS = ("total", "sharp", "peak", "flat", "valley", "deep", "reactive", "demand")


def _text(most: int, **metadata: Any) -> fields.String:
    """A text of at most so many characters; left out, it is not changed."""
    return fields.String(validate=[validate.Length(max=most), printable], metadata=metadata)


def _kva() -> fields.Decimal:
    return fields.Decimal(places=2, allow_none=True, validate=_between(0, 9_999_999_999), as_string=True)


def _register(**metadata: Any) -> fields.Decimal:
    bounds = _between(-99_999_999_999, 99_999_999_999)
    return fields.Decimal(allow_none=True, allow_nan=False, validate=bounds, as_string=True, metadata=metadata)


def _between(least: int, most: int) -> Callable[[Decimal], None]:
    """Bounds of a decimal; those of marshmallow would stand in the description as texts, which no reader takes."""

    def check(value: Decimal) -> None:
        if not least <= value <= most:
            raise ValidationError(_l("This is out of bounds."))

    return check


class ContactIn(Strict):
    """Somebody to speak to; phones in any form people write them."""

    name = fields.String(load_default="", validate=[validate.Length(max=80), printable])
    role = fields.String(load_default="contact", validate=[validate.Length(max=20), printable])
    phone = fields.String(load_default="", validate=[validate.Length(max=60), printable])
    email = fields.String(load_default="", validate=[validate.Length(max=120), printable])
    fax = fields.String(load_default="", validate=[validate.Length(max=60), printable])
    preferred = fields.Boolean(load_default=False)
    note = fields.String(load_default="", validate=[validate.Length(max=300), printable])


class CustomerIn(Strict):
    """A customer as the marketing system knows them. What is left out stays; a new one needs name, address, unit."""

    name = _text(200, description="户名", example="王小芳")
    address = _text(300, description="用电地址", example="临江市青山县解放路12号3单元502室")
    unit = _text(40, description="供电单位 (code)", example="GM-LJ-QS-01")
    kind = _text(20, example="lv_resident")
    category = _text(40, description="用电类别", example="resident_urban")
    industry = _text(40)
    voltage = _text(20, example="220V")
    contract_capacity = _kva()
    running_capacity = _kva()
    load_nature = _text(20)
    importance = _text(20)
    segment_code = _text(40, description="抄表段")
    tariff_code = _text(40)
    area = _text(10)
    zone = _text(40)
    transformer_code = _text(40, description="台区")
    line_code = _text(40)
    meter_box = _text(40)
    lat = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(-90, 90))
    lon = fields.Float(allow_none=True, allow_nan=False, validate=validate.Range(-180, 180))
    opened_on = fields.Date(allow_none=True)
    query_code = _text(40)
    credit_code = _text(18, description="统一社会信用代码")
    identity = _text(40, description="Identity number: compared, shown masked, never kept or answered")
    source_ref = _text(80, description="How the customer is called in the system that sends this")
    contacts = fields.List(
        fields.Nested(ContactIn),
        validate=validate.Length(max=30),
        metadata={"description": "The whole list, where it is given"},
    )


class BatchItem(CustomerIn):
    """A customer of a batch, with their number; `revision` refuses the item where the customer has another."""

    number = fields.String(required=True, validate=[validate.Length(1, 32), printable])
    revision = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))


class Batch(Strict):
    """Up to a thousand customers; each is judged by itself."""

    customers = fields.List(fields.Nested(BatchItem), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))


class Result(Schema):
    """What became of one item: `created`, `changed`, `same` or `refused` with `errors` by field."""

    number = fields.String(required=True)
    outcome = fields.String(required=True)
    revision = fields.Integer(allow_none=True)
    code = fields.String(metadata={"description": "Why it was refused, for machines"})
    message = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.Raw())


class BatchAnswer(Schema):
    """A result for each item, in the order they were sent, and how many of each outcome."""

    results = fields.List(fields.Nested(Result), required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class Revision(Schema):
    """Headers of a conditional write."""

    class Meta:
        unknown = "exclude"

    if_match = fields.String(
        data_key="If-Match",
        load_default="",
        validate=validate.Regexp(r'\A("?[0-9]{1,9}"?|\*)?\Z'),
        metadata={"description": "The ETag the caller knows: another one at the customer is refused (412)"},
    )
    if_none_match = fields.String(
        data_key="If-None-Match",
        load_default="",
        validate=validate.OneOf(["", "*"]),
        metadata={"description": "`*`: only make a new customer (412 where there is one)"},
    )


class SearchQuery(Strict):
    """What is looked for: a number, meter number, phone, name or part of the address."""

    q = fields.String(required=True, validate=[validate.Length(1, 100), printable])
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 20))
    lang = fields.String(load_default=None, validate=validate.OneOf(["zh", "en"]))


class LookQuery(Schema):
    """Why the customer is looked at, where the installation asks for it."""

    class Meta:
        unknown = RAISE

    reason = fields.String(load_default="", validate=[validate.Length(max=40), printable])
    lang = fields.String(load_default=None, validate=validate.OneOf(["zh", "en"]))


class CustomerLineOut(Schema):
    """A customer in a list; personal values are masked for callers without the right."""

    number = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    unit = fields.String(required=True, attribute="unit_code")
    kind = fields.String(required=True)
    category = fields.String(required=True)
    importance = fields.String(required=True)
    status = fields.String(required=True)
    cut_off = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    found_by = fields.String(required=True)


class Found(Schema):
    """Customers that fit, the surest first."""

    customers = fields.List(fields.Nested(CustomerLineOut), required=True)


class ContactOut(Schema):
    """A contact; masked for callers without the right."""

    name = fields.String()
    role = fields.String()
    phone = fields.String()
    email = fields.String()
    fax = fields.String()
    preferred = fields.Boolean()
    note = fields.String()


class MeterOut(Schema):
    """A meter with the days it hangs; registers count before the multiplier."""

    id = fields.Integer()
    number = fields.String()
    kind = fields.String()
    multiplier = fields.Decimal(as_string=True)
    digits = fields.Integer()
    installed_on = fields.Date()
    removed_on = fields.Date(allow_none=True)


class CustomerOut(Schema):
    """A customer; `hidden` names the fields that are masked for this caller."""

    number = fields.String(required=True)
    revision = fields.Integer(required=True)
    name = fields.String()
    address = fields.String()
    unit = fields.String(attribute="unit_code")
    area = fields.String()
    kind = fields.String()
    category = fields.String()
    industry = fields.String()
    voltage = fields.String()
    contract_capacity = fields.Decimal(as_string=True, allow_none=True)
    running_capacity = fields.Decimal(as_string=True, allow_none=True)
    load_nature = fields.String()
    importance = fields.String()
    segment_code = fields.String()
    tariff_code = fields.String()
    transformer_code = fields.String()
    line_code = fields.String()
    meter_box = fields.String()
    status = fields.String()
    cut_off = fields.Boolean()
    cut_off_at = fields.AwareDateTime(allow_none=True)
    opened_on = fields.Date(allow_none=True)
    closed_on = fields.Date(allow_none=True)
    balance = fields.Decimal(as_string=True, places=2)
    credit_code = fields.String()
    identity = fields.String()
    updated_at = fields.AwareDateTime()
    contacts = fields.List(fields.Nested(ContactOut))
    meters = fields.List(fields.Nested(MeterOut))
    hidden = fields.List(fields.String())


class Written(Schema):
    """What became of the customer; the ETag of the answer is the revision."""

    number = fields.String(required=True)
    outcome = fields.String(required=True)
    revision = fields.Integer(required=True)


class ReadingIn(Strict):
    """A reading of one of the customer's meters; registers before the multiplier, as texts or numbers."""

    meter = fields.String(required=True, validate=[validate.Length(1, 40), printable])
    read_on = fields.Date(required=True)
    kind = fields.String(load_default="regular", validate=[validate.Length(max=20), printable])
    total = _register(description="正向有功总")
    sharp = _register()
    peak = _register()
    flat = _register()
    valley = _register()
    deep = _register()
    reactive = _register()
    demand = _register()
    note = fields.String(load_default="", validate=[validate.Length(max=300), printable])
    confirmed = fields.Boolean(load_default=False, metadata={"description": "Unusual values were looked at"})


class Readings(Strict):
    """Readings of one customer; each is judged by itself."""

    readings = fields.List(fields.Nested(ReadingIn), required=True, validate=validate.Length(min=1, max=MOST_READINGS))


class ReadingResult(Schema):
    """`created`, `changed`, `same` or `refused`; `findings` are what is unusual or wrong."""

    meter = fields.String(required=True)
    read_on = fields.Date(required=True)
    outcome = fields.String(required=True)
    findings = fields.List(fields.String(), required=True)
    code = fields.String()
    message = fields.String()


class ReadingsAnswer(Schema):
    """A result for each reading, in the order they were sent."""

    results = fields.List(fields.Nested(ReadingResult), required=True)
