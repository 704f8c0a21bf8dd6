"""Rows of work orders. Nothing here decides anything: rules live in decision tables, steps in operations.

Instants are UTC; codes (fault types, reasons, results …) are words of `order_code`,
kept by `flask orders sync` from `standard.yaml`.
"""

from app.workorders.models.callbacks import Callback
from app.workorders.models.codes import OrderCode
from app.workorders.models.crews import Crew, CrewMember, CrewPosition, CrewShift, CrewVehicle
from app.workorders.models.handling import (
    OrderAssistant,
    OrderEtr,
    OrderMerge,
    OrderProgress,
    OrderReminder,
    OrderReturn,
    OrderSuspension,
    OrderTransfer,
)
from app.workorders.models.limits import OrderLimit
from app.workorders.models.order import CLOSED, WorkOrder
from app.workorders.models.requests import OrderRequest
from app.workorders.models.stages import OrderStage
from app.workorders.models.trace import OrderEvent, OrderStamp

__all__ = [
    "CLOSED",
    "Callback",
    "Crew",
    "CrewMember",
    "CrewPosition",
    "CrewShift",
    "CrewVehicle",
    "OrderAssistant",
    "OrderCode",
    "OrderEtr",
    "OrderEvent",
    "OrderLimit",
    "OrderMerge",
    "OrderProgress",
    "OrderReminder",
    "OrderRequest",
    "OrderReturn",
    "OrderStage",
    "OrderStamp",
    "OrderSuspension",
    "OrderTransfer",
    "WorkOrder",
]
