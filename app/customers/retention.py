"""How long attempts of callers to prove who they are are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.customers.models import CallerCheck
from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan


def register() -> None:
    """Define the kind."""
    entries = standard(Path(__file__).with_name("retention.yaml"))
    define("caller_check", entries["caller_check"], expired=_old_checks, remove=_delete_checks)


def _old_checks(plan: Plan) -> sa.Select[Any]:
    return sa.select(CallerCheck.id).where(plan.over(CallerCheck.at))


def _delete_checks(keys: Sequence[int]) -> int:
    result: Any = session.execute(
        sa.delete(CallerCheck).where(CallerCheck.id.in_(keys)), execution_options={"synchronize_session": False}
    )
    return int(result.rowcount)
