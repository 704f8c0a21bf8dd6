"""Which fault orders report an outage: the decision table `outage_report` says it by symptom and kind of fault."""

from __future__ import annotations

from datetime import datetime

from app.engine import api as engine
from app.kernel.errors import NotFound
from app.outages.operations.remembered import once
from app.workorders.models import WorkOrder

DECISION = "outage_report"


def without_supply(order: WorkOrder, *, now: datetime) -> bool:
    """Whether the order says that somebody has no supply. Without the table every fault order does."""
    return once(("report", order.symptom, order.sub_type), lambda: _asked(order.symptom, order.sub_type, now))


def _asked(symptom: str, sub_type: str, now: datetime) -> bool:
    try:
        decided = engine.decide(DECISION, {"symptom": symptom, "sub_type": sub_type}, now=now, record=False)
    except NotFound:
        return True
    return bool(decided.result)
