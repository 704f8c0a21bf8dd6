"""Looking at decisions that were made. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine.decisions.models import DecisionHistory
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Why an instance was told what it was told: `rules` are `{decision, table, rule, index}`."""

    decision_id: str
    version: int
    definition_id: str
    element_id: str | None
    inputs: dict[str, Any]
    result: Any
    rules: list[Any]
    at: datetime


def decisions_of(instance_id: str) -> list[DecisionView]:
    """The decisions of an instance, in order."""
    query = sa.select(DecisionHistory).where(DecisionHistory.instance_id == instance_id).order_by(DecisionHistory.id)
    return [
        DecisionView(
            decision_id=row.decision_key,
            version=row.version,
            definition_id=row.definition_id,
            element_id=row.element_id,
            inputs=row.inputs,
            result=row.result,
            rules=row.rules,
            at=row.at,
        )
        for row in session.scalars(query)
    ]
