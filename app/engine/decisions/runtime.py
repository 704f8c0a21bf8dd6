"""Evaluating deployed decisions, by the newest version of a key or by a pinned definition; each is kept on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app import feel
from app.engine.decisions.errors import UnknownDecision
from app.engine.decisions.evaluation import Decided, evaluate
from app.engine.decisions.model import Model
from app.engine.decisions.models import DecisionHistory
from app.engine.decisions.reading import read
from app.engine.definitions.models import Definition
from app.engine.definitions.queries import newest_id
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class Deployed:
    """A decision of one deployed version."""

    definition_id: str
    key: str
    version: int
    model: Model


def decide(
    decision_id: str,
    inputs: Mapping[str, Any],
    *,
    now: datetime,
    definition_id: str | None = None,
    instance_id: str | None = None,
    element_id: str | None = None,
    record: bool = True,
) -> Decided:
    """Evaluate a deployed decision and, unless a page only looks (`record=False`), write it into `decision_history`.

    `definition_id` pins a version, without it the newest counts. `instance_id` and
    `element_id` say for which step. Raises UnknownDecision, DecisionError.
    """
    found = definition_id or newest_id("dmn", decision_id)
    if found is None:
        raise UnknownDecision(decision_id)
    deployed = load(found)
    decided = evaluate(deployed.model, decision_id, inputs, now=now)
    if record:
        _record(deployed, decision_id, decided, at=now, instance_id=instance_id, element_id=element_id)
    return decided


@lru_cache(maxsize=256)
def load(definition_id: str) -> Deployed:
    """The model of a deployed definition, read once: definitions never change. Raises UnknownDecision."""
    columns = (Definition.key, Definition.version, Definition.content)
    row = session.execute(sa.select(*columns).where(Definition.id == definition_id, Definition.kind == "dmn")).first()
    if row is None:
        raise UnknownDecision(definition_id)
    return Deployed(definition_id, row.key, row.version, read(row.content))


def _record(
    deployed: Deployed,
    decision_id: str,
    decided: Decided,
    *,
    at: datetime,
    instance_id: str | None,
    element_id: str | None,
) -> None:
    session.add(
        DecisionHistory(
            decision_key=decision_id,
            version=deployed.version,
            definition_id=deployed.definition_id,
            instance_id=instance_id,
            element_id=element_id,
            inputs={name: feel.to_json(feel.to_feel(value)) for name, value in decided.inputs.items()},
            result=decided.result,
            rules=[asdict(rule) for rule in decided.rules],
            at=at,
        )
    )
