"""The grid: what goes in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from app.api.order_schemas import Strict


class DeviceQuery(Strict):
    """Words of the code, the name or the address."""

    q = fields.String(required=True, validate=validate.Length(1, 100))


class DeviceLine(Schema):
    """A device found. `state`: live, dead, partly; `position` of a switch: closed, open, partly."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    feeder = fields.String()
    state = fields.String()
    position = fields.String()


class Devices(Schema):
    """At most fifty, the closest first."""

    devices = fields.List(fields.Nested(DeviceLine))


class DeviceOut(Schema):
    """A device: `feeder` where it belongs, `feeder_now` what supplies it; `upstream` nearest first."""

    code = fields.String()
    name = fields.String()
    kind = fields.String()
    unit = fields.String()
    feeder = fields.String()
    feeder_now = fields.String()
    substation = fields.String()
    lat = fields.Float(allow_none=True)
    lon = fields.Float(allow_none=True)
    phases = fields.String()
    live_phases = fields.String()
    state = fields.String()
    position = fields.String()
    normal = fields.String()
    protective = fields.Boolean()
    customers = fields.Integer()
    open_above = fields.String(allow_none=True)
    upstream = fields.List(fields.String())
    children = fields.List(fields.String())
    transformers = fields.List(fields.String())


class SwitchReport(Strict):
    """A switch was operated. `event_id` names the event in the system that tells of it: told again it counts once.

    `at` and `sent_at` by the device's own clock, which may run ahead or behind: with both, the server finds out when
    it happened by its own clock.
    """

    event_id = fields.String(required=True, validate=validate.Length(1, 100))
    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    phases = fields.String(load_default="ABC", validate=validate.OneOf(["A", "B", "C", "AB", "AC", "BC", "ABC"]))
    at = fields.AwareDateTime(load_default=None, allow_none=True)
    sent_at = fields.AwareDateTime(load_default=None, allow_none=True)
    reason = fields.String(load_default="SCADA", validate=[validate.Length(1, 500), validate.Regexp(r"\S")])


class SwitchResult(Schema):
    """How the switch stands. `note`: repeated (told before), late (a later operation is known), clock_ahead."""

    code = fields.String()
    before = fields.String()
    after = fields.String()
    changed = fields.Boolean()
    version = fields.Integer()
    note = fields.String()


class SwitchState(Schema):
    """The closed phases of a switch, `ABC` closed, empty open."""

    code = fields.String()
    present = fields.String()
    normal = fields.String()
    energised = fields.Boolean()
