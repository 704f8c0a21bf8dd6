"""Rows of supervision: words, marks and facts, roll-ups, 督办, alerts, take-overs, sheets."""

from app.supervision.models.alerts import SupervisionAlert
from app.supervision.models.facts import MEASURES, OrderFact, OrderMark
from app.supervision.models.rollups import OpenCount, PeriodCount
from app.supervision.models.sheets import SupervisionSheet
from app.supervision.models.supervising import SupervisionOrder, SupervisionRound
from app.supervision.models.taking import OrderTakeover
from app.supervision.models.words import SupervisionWord

__all__ = [
    "MEASURES",
    "OpenCount",
    "OrderFact",
    "OrderMark",
    "OrderTakeover",
    "PeriodCount",
    "SupervisionAlert",
    "SupervisionOrder",
    "SupervisionRound",
    "SupervisionSheet",
    "SupervisionWord",
]
