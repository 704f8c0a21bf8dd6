"""The variables a form with a stamp of place and time leaves, and the place made of them.

`<prefix>_lat` and `_lon` are degrees, `_accuracy` metres, `_time` the phone's clock,
`_photos` files of the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from app.kernel.clock import LOCAL
from app.workorders.bindings.step import StepInputs
from app.workorders.operations.trace import Place

LATITUDE = validate.Range(-90, 90)
LONGITUDE = validate.Range(-180, 180)
METRES = validate.Range(0)


class LeaveInputs(StepInputs):
    depart_vehicle = fields.String()
    depart_lat = fields.Float(validate=LATITUDE)
    depart_lon = fields.Float(validate=LONGITUDE)
    depart_accuracy = fields.Float(validate=METRES)
    depart_time = fields.AwareDateTime(default_timezone=LOCAL)
    depart_photos = fields.List(fields.Raw())


class ArriveInputs(StepInputs):
    arrive_lat = fields.Float(validate=LATITUDE)
    arrive_lon = fields.Float(validate=LONGITUDE)
    arrive_accuracy = fields.Float(validate=METRES)
    arrive_time = fields.AwareDateTime(default_timezone=LOCAL)
    arrive_photos = fields.List(fields.Raw())


class RestoreInputs(StepInputs):
    restore_lat = fields.Float(validate=LATITUDE)
    restore_lon = fields.Float(validate=LONGITUDE)
    restore_accuracy = fields.Float(validate=METRES)
    restore_time = fields.AwareDateTime(default_timezone=LOCAL)
    restore_photos = fields.List(fields.Raw())


def place_of(prefix: str, values: Mapping[str, Any]) -> Place:
    """The place in a step's values."""
    return Place(
        lat=values.get(f"{prefix}_lat"),
        lon=values.get(f"{prefix}_lon"),
        accuracy=values.get(f"{prefix}_accuracy"),
        device_at=values.get(f"{prefix}_time"),
        photos=values.get(f"{prefix}_photos") or (),
    )
