"""What goes in and out of the resource of outages."""

from __future__ import annotations

from marshmallow import fields, validate

from app.api.order_schemas import Strict, printable
from app.outages.operations.signals import KINDS, MOST


def _text(most: int, **metadata: object) -> fields.String:
    return fields.String(load_default="", validate=[validate.Length(max=most), printable], metadata=metadata)


class OutageQuery(Strict):
    """Which outages to list."""

    active = fields.Boolean(load_default=True, metadata={"description": "Only those that are not over"})
    unit = _text(40, description="Code of a unit; those below it too")
    feeder = _text(64, description="Code of a feeder")
    nature = fields.String(
        load_default="",
        validate=validate.OneOf(["", "unplanned", "planned", "temporary", "arrears", "orderly"]),
    )
    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class OutageLine(Strict):
    """One outage."""

    number = fields.String()
    nature = fields.String()
    kind = fields.String()
    status = fields.String()
    device_code = fields.String()
    device_name = fields.String()
    device_name_en = fields.String(metadata={"description": "English twin of the name, empty where there is none"})
    device_kind = fields.String()
    feeder_code = fields.String()
    feeder_name = fields.String()
    feeder_name_en = fields.String()
    zone = fields.String()
    unit_code = fields.String()
    started_at = fields.AwareDateTime()
    confirmed_at = fields.AwareDateTime(allow_none=True)
    restored_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    customers_total = fields.Integer()
    customers_out = fields.Integer()
    customers_restored = fields.Integer()
    calls = fields.Integer()
    important = fields.Integer()
    cause = fields.String()
    etr_at = fields.AwareDateTime(allow_none=True)
    etr_source = fields.String()
    revision = fields.Integer()


class OutageList(Strict):
    outages = fields.List(fields.Nested(OutageLine))
    after = fields.Integer(allow_none=True)


class OutageDetail(OutageLine):
    """One outage, with the reasons of its place as sentences."""

    main_order = fields.String()
    why = fields.List(fields.String())
    why_kept = fields.Dict(metadata={"description": "Rule, facts, thresholds and the table's rules, as kept"})


class NewTrouble(Strict):
    """Somebody is without power. `key` names the report for its sender: sent again it changes nothing."""

    key = fields.String(required=True, validate=[validate.Length(min=1, max=100), printable])
    source = fields.String(load_default="api", validate=validate.OneOf(["api", "web", "ivr"]))
    account_no = _text(32, example="3301005566")
    phone = _text(40, example="13800138000")
    address = _text(300, example="青山县解放路 12 号 3 单元")
    zone = _text(40, description="Address zone, for reports that cannot be placed")
    transformer = _text(64, description="Code of the transformer, where the sender knows it")
    at = fields.AwareDateTime(load_default=None, allow_none=True, metadata={"description": "By the sender's clock"})
    sent_at = fields.AwareDateTime(
        load_default=None, allow_none=True, metadata={"description": "When it is sent, by the same clock"}
    )


class PlacedTrouble(Strict):
    """What came of the report."""

    call_id = fields.Integer()
    outage = fields.String(allow_none=True)
    screening = fields.String()
    said = fields.String(metadata={"description": "The screening in words"})


class MeterSignal(Strict):
    key = fields.String(required=True, validate=[validate.Length(min=1, max=100), printable])
    meter = fields.String(required=True, validate=[validate.Length(min=1, max=40), printable])
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    at = fields.AwareDateTime(load_default=None, allow_none=True, metadata={"description": "By the meter's clock"})


class MeterSignals(Strict):
    """A batch of signals of one clock."""

    sent_at = fields.AwareDateTime(load_default=None, allow_none=True)
    signals = fields.List(fields.Nested(MeterSignal), required=True, validate=validate.Length(min=1, max=MOST))


class TakenSignals(Strict):
    """What came of a batch."""

    written = fields.Integer()
    known = fields.Integer(metadata={"description": "Sent before: nothing changed"})
    unknown_meters = fields.List(fields.String(), metadata={"description": "Meters nobody knows"})
