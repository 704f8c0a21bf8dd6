"""The kinds of records of the engine, from parts of a case to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.engine.decisions.models import DecisionHistory
from app.engine.retention import removing
from app.engine.runtime.models import ActivityHistory, Instance, Message, OperationLog
from app.engine.runtime.rows import ENDED
from app.kernel.retention import kinds
from app.kernel.retention.plan import Plan

STANDARD = kinds.standard(Path(__file__).with_name("standard.yaml"))


def _ended(plan: Plan) -> Any:
    return sa.and_(Instance.status.in_(ENDED), plan.over_of(Instance.process_key, Instance.ended_at))


def _activities(plan: Plan) -> sa.Select[Any]:
    return sa.select(ActivityHistory.id).join(Instance, Instance.id == ActivityHistory.instance_id).where(_ended(plan))


def _operations(plan: Plan) -> sa.Select[Any]:
    return sa.select(OperationLog.id).join(Instance, Instance.id == OperationLog.instance_id).where(_ended(plan))


def _decisions(plan: Plan) -> sa.Select[Any]:
    """Those of ended cases; those that belong to no case go by their own age."""
    query = sa.select(DecisionHistory.id).outerjoin(Instance, Instance.id == DecisionHistory.instance_id)
    return query.where(sa.or_(_ended(plan), sa.and_(Instance.id.is_(None), plan.over(DecisionHistory.at))))


def _states(plan: Plan) -> sa.Select[Any]:
    return sa.select(Instance.id).where(_ended(plan), sa.func.length(Instance.state) > 0)


def _messages(plan: Plan) -> sa.Select[Any]:
    """Waiting messages are none: they go when their own time is over."""
    return sa.select(Message.id).where(Message.state == "delivered", plan.over(Message.published_at))


def _cases(plan: Plan) -> sa.Select[Any]:
    other = aliased(Instance)
    related = sa.or_(other.parent_id == Instance.id, other.id == Instance.parent_id)
    runs = sa.select(other.id).where(related, other.status.not_in(ENDED)).exists()
    return sa.select(Instance.id).where(_ended(plan), sa.not_(runs))


def register() -> None:
    """Define the kinds, parts before the whole."""
    for name, expired, remove in (
        ("activity", _activities, removing.activities),
        ("operation", _operations, _rows_of(OperationLog)),
        ("decision", _decisions, _rows_of(DecisionHistory)),
        ("state", _states, removing.states),
        ("message", _messages, removing.messages),
        ("case", _cases, removing.cases),
    ):
        kinds.define(name, STANDARD[name], expired=expired, remove=remove)


def _rows_of(model: Any) -> kinds.Remove:
    def remove(keys: Sequence[Any]) -> int:
        return removing.delete(model, model.id.in_(keys))

    return remove
