"""What flows and reports may ask of the grid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from app.kernel.actor import Actor
from app.kernel.registry import registry
from app.network.grid import current


class OfCustomer(Schema):
    """Which customer."""

    customer_id = fields.Integer(required=True)


class Place(Schema):
    """Where a customer hangs; empty texts where the grid does not know."""

    known = fields.Boolean()
    transformer = fields.String()
    transformer_name = fields.String()
    feeder = fields.String()
    feeder_name = fields.String()
    substation = fields.String()
    zone = fields.String()
    energised = fields.Boolean()
    open_switch = fields.String()


@registry.lookup(
    "network.of_customer",
    title="查询客户的台区、馈线与带电状态",
    title_en="A customer's transformer, feeder and supply",
    inputs=OfCustomer,
    outputs=Place,
    personal=True,
)
def of_customer(*, now: datetime, actor: Actor, customer_id: int, **_given: Any) -> Mapping[str, Any]:
    """Transformer, feeder, zone, whether there is voltage as switches stand, and which open switch took it."""
    here = current(now)
    code = here.place_of(customer_id)
    zone = here.zone_of(customer_id)
    if code is None:
        nothing = dict.fromkeys(("transformer", "transformer_name", "feeder", "feeder_name", "substation"), "")
        return nothing | {"known": False, "zone": zone, "energised": True, "open_switch": ""}
    transformer = here.transformer_of(customer_id) or code
    feeder = here.feeder_of(code)
    return {
        "known": True,
        "transformer": transformer,
        "transformer_name": here.called(transformer),
        "feeder": feeder,
        "feeder_name": here.called(feeder) if feeder else "",
        "substation": here.info(code).substation,
        "zone": zone,
        "energised": here.energised(code),
        "open_switch": here.open_above(code) or "",
    }
