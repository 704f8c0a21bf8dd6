"""The limits a report will have, before it is an order: the same table `order_limits`, only asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.engine import api as engine
from app.kernel import settings

DECISION = "order_limits"
STAGES = ("dispatch", "take", "contact", "arrive", "restore", "handle", "reply", "callback", "total")
"""The stages that say something to the caller; a stage without a rule is left out."""


@dataclass(frozen=True, slots=True)
class LimitPreview:
    """`amount` in `unit` (min, h, wd, day) on `clock` (24x7, working); `source` is the table's own words."""

    stage: str
    amount: float
    unit: str
    clock: str
    source: str


def limits_to_come(
    *, category: str, sub_type: str, channel: str, area: str, importance: str, now: datetime
) -> list[LimitPreview]:
    """The limits by stage under the installation's ruleset."""
    facts = {
        "ruleset": settings.current().ruleset,
        "category": category,
        "sub_type": sub_type,
        "channel": channel,
        "area": area,
        "importance": importance,
    }
    found = []
    for stage in STAGES:
        row = engine.decide(DECISION, {**facts, "stage": stage}, now=now, record=False).result
        if row and row.get("amount") is not None:
            found.append(
                LimitPreview(stage, float(row["amount"]), row["unit"], row["clock"], str(row.get("source") or ""))
            )
    return found
