"""Notices that are so old that nobody needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.notify.models import Notice


def register() -> None:
    """Define notices as records that are kept for a time, read or not."""
    define("notice", standard(Path(__file__).with_name("retention.yaml"))["notice"], expired=_old, remove=_delete)


def _old(plan: Plan) -> sa.Select[Any]:
    return sa.select(Notice.id).where(plan.over(Notice.at))


def _delete(keys: Sequence[int]) -> int:
    statement = sa.delete(Notice).where(Notice.id.in_(keys))
    removed: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(removed.rowcount)
