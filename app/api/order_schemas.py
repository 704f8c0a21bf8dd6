"""What goes in and out of the resource of work orders. Words in code fields are those of the code lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.workorders.operations.report_kind import FAULT

WORD = validate.Length(max=40)


def printable(text: str) -> None:
    """Refuse what no person types and no database keeps."""
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\r\n" for char in text):
        raise ValidationError(_l("Control characters are not allowed."))


def _text(most: int, *, required: bool = False, **metadata: Any) -> fields.String:
    """A text of at most so many characters, empty where it is not given."""
    checks: list[Callable[[str], Any]] = [validate.Length(min=1 if required else 0, max=most), printable]
    if required:
        return fields.String(required=True, validate=checks, metadata=metadata)
    return fields.String(load_default="", validate=checks, metadata=metadata)


def _word(default: str, **metadata: Any) -> fields.String:
    return fields.String(load_default=default, validate=[WORD, printable], metadata=metadata)


class Strict(Schema):
    """Refuses fields it does not know, by name."""

    class Meta:
        unknown = RAISE


class IdempotencyHeader(Schema):
    """The caller's own word for a request, so that sending it again makes no second order."""

    key = fields.String(
        data_key="Idempotency-Key",
        load_default="",
        validate=[validate.Length(max=80), printable],
        metadata={"description": "The same key and body answer the same order (200); another body is refused (409)."},
    )


class NewOrder(Strict):
    """A report as the customer gave it. A phone number or an account number is needed."""

    unit = _text(40, description="Code of the unit in charge; proposed from address and phone where it is left out")
    address = _text(300, example="青山县解放路 12 号 3 单元", description="Where it is; faults need one")
    description = _text(2000, required=True, example="整栋楼停电，已约半小时")
    contact_name = _text(80, example="王芳")
    phone = _text(40, example="13800138000")
    account_no = _text(32, example="3301005566")
    category = _word(FAULT)
    sub_type = _word("", example="low_voltage")
    item = _word("", description="Third step of the tree of categories", example="")
    secrecy = _word("none", description="none, confidential or anonymous; complaints and reports of misconduct")
    against_unit = _text(40, description="Code of the unit complained of; the unit in charge where it is left out")
    external_no = _text(60, description="The sending office's own number (12398, 12345)")
    answer_way = _word("", description="phone, sms, email, fax or letter")
    answer_to = _text(200, description="Number or address for the answer")
    details = fields.Dict(
        keys=fields.String(validate=[WORD, printable]),
        values=fields.Raw(),
        load_default=dict,
        validate=validate.Length(max=40),
        metadata={"description": "Answers to the guided questions of the category (forms/intake), by key"},
    )
    channel = _word("other", description="How the report came: phone, web, app, platform_12345 …", example="app")
    urgency = _word("normal")
    importance = _word("none")
    mood = _word("calm")
    symptom = _word("", example="building")
    hazard = _word("none", description="A hazard raises the urgency")
    voltage = _word("")
    line = _text(80)
    transformer_area = _text(80)
    area = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["urban", "rural", "remote"]))
    sensitive = fields.Boolean(load_default=False)
    supervised = fields.Boolean(load_default=False)
    appointment_at = fields.AwareDateTime(load_default=None, allow_none=True)
    fault_at = fields.AwareDateTime(load_default=None, allow_none=True)
    reported_at = fields.AwareDateTime(load_default=None, allow_none=True)
    reference = fields.String(
        load_default="",
        validate=[validate.Length(max=80), printable],
        metadata={"description": "The caller's own number of the report; an Idempotency-Key where there is none"},
    )
    photos = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 2**53)),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Ids of files uploaded to /files"},
    )


FAULTS_NEED_AN_ADDRESS: dict[str, Any] = {
    "anyOf": [
        {"required": ["address"], "properties": {"address": {"type": "string", "minLength": 1}}},
        {"required": ["category"], "properties": {"category": {"not": {"enum": [FAULT]}}}},
    ]
}
"""Joined to the description of `NewOrder`: a field's `required` cannot depend on another field."""


class OrderQuery(Strict):
    """A list of orders, newest first, continued by `after`."""

    q = _text(200, description="Number, phone, address, account or words of the report")
    state = fields.String(
        load_default="open",
        validate=validate.Regexp(r"\A(open|closed|[A-Z_]{1,20})?\Z"),
        metadata={"description": "`open`, `closed`, a status, or empty for all"},
    )
    unit = _text(40, description="Code of a unit; its subtree counts")
    since = fields.AwareDateTime(load_default=None)
    until = fields.AwareDateTime(load_default=None)
    overdue = fields.Boolean(load_default=False)
    supervised = fields.Boolean(load_default=False)
    category = _word("", description="Orders of one category")
    after = fields.Integer(load_default=None, validate=validate.Range(1, 2**53))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    lang = fields.String(load_default=None, validate=validate.OneOf(["zh", "en"]))


class OrderLine(Schema):
    """An order in a list. Instants are ISO 8601 in UTC; numbers are masked for callers without the right."""

    number = fields.String()
    status = fields.String()
    status_text = fields.String(metadata={"description": "In the language of the request"})
    category = fields.String()
    sub_type = fields.String()
    item = fields.String()
    grade = fields.String()
    secrecy = fields.String()
    unit = fields.String()
    area = fields.String()
    channel = fields.String()
    urgency = fields.String()
    importance = fields.String()
    hazard = fields.String()
    priority = fields.Integer()
    supervised = fields.Boolean()
    calls = fields.Integer()
    contact_name = fields.String()
    phone = fields.String()
    account_no = fields.String()
    address = fields.String()
    description = fields.String()
    answer = fields.String()
    reported_at = fields.AwareDateTime()
    accepted_at = fields.AwareDateTime()
    etr_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    next_limit = fields.String(allow_none=True, metadata={"description": "The stage whose limit ends next"})
    due_at = fields.AwareDateTime(allow_none=True)


class OrderPage(Schema):
    """One page; `after` continues it and is null at the end."""

    orders = fields.List(fields.Nested(OrderLine))
    after = fields.Integer(allow_none=True)


class Stamp(Schema):
    name = fields.String()
    round = fields.Integer()
    at = fields.AwareDateTime()
    by = fields.String()


class Limit(Schema):
    """A limit; `amount` in `unit` (min, h, wd, day) on `clock` (24x7, working)."""

    stage = fields.String()
    state = fields.String(metadata={"description": "running, paused, held, met or closed"})
    amount = fields.Float()
    unit = fields.String()
    clock = fields.String()
    started_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    met_at = fields.AwareDateTime(allow_none=True)
    breached = fields.Boolean()


class Event(Schema):
    kind = fields.String()
    text = fields.String(metadata={"description": "The sentence in the language of the request"})
    at = fields.AwareDateTime()
    by = fields.String()


class Duplicate(Schema):
    number = fields.String()
    reasons = fields.List(fields.String(), metadata={"description": "account, phone, address, area"})
    reported_at = fields.AwareDateTime()


class OrderDetail(OrderLine):
    """An order with its timestamps, limits and time-line."""

    round = fields.Integer()
    outcome = fields.String()
    symptom = fields.String()
    fault_type = fields.String()
    fault_cause = fields.String()
    ownership = fields.String()
    findings = fields.String()
    action = fields.String()
    appointment_at = fields.AwareDateTime(allow_none=True)
    fault_at = fields.AwareDateTime(allow_none=True)
    main_order = fields.String(allow_none=True)
    attached = fields.List(fields.String())
    reminders = fields.Integer()
    stamps = fields.List(fields.Nested(Stamp))
    limits = fields.List(fields.Nested(Limit))
    timeline = fields.List(fields.Nested(Event))


class CreatedOrder(OrderDetail):
    """The order, and orders under way that may be about the same fault."""

    possible_duplicates = fields.List(fields.Nested(Duplicate))


class Reminder(Strict):
    note = _text(500, example="客户称仍未见人")


class Reminded(Schema):
    id = fields.Integer()
    number = fields.String()


class Cancellation(Strict):
    reason = _text(40, required=True, description="A code of the list cancel_reason", example="restored_itself")
    note = _text(500)


class Upload(Schema):
    """multipart/form-data with one part."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class StoredFile(Schema):
    id = fields.Integer()
    name = fields.String()
    size = fields.Integer(metadata={"description": "bytes"})
    media_type = fields.String()
