"""Positions of crews that are so old that nobody looks at them again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.workorders.models import CrewPosition


def register() -> None:
    """Define positions as records that are kept for a time."""
    entry = standard(Path(__file__).with_name("retention.yaml"))["crew_position"]
    define("crew_position", entry, expired=_old, remove=_delete)


def _old(plan: Plan) -> sa.Select[Any]:
    return sa.select(CrewPosition.id).where(plan.over(CrewPosition.at))


def _delete(keys: Sequence[int]) -> int:
    statement = sa.delete(CrewPosition).where(CrewPosition.id.in_(keys))
    removed: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(removed.rowcount)
