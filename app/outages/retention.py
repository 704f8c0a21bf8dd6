"""Persons behind old trouble calls are forgotten, old signals of meters removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.outages.models import MeterSignal, TroubleCall


def register() -> None:
    """Define both kinds."""
    entries = standard(Path(__file__).with_name("retention.yaml"))
    define("trouble_person", entries["trouble_person"], expired=_old_calls, remove=_forget)
    define("meter_signal", entries["meter_signal"], expired=_old_signals, remove=_delete)


def _old_calls(plan: Plan) -> sa.Select[Any]:
    """Calls that wait for nothing and still name somebody."""
    named = sa.or_(TroubleCall.phone != "", TroubleCall.address != "", TroubleCall.account_no != "")
    done = sa.or_(TroubleCall.state.in_(["closed", "screened"]), TroubleCall.outage_id.is_(None))
    return sa.select(TroubleCall.id).where(done, named, plan.over(TroubleCall.received_at))


def _forget(keys: Sequence[int]) -> int:
    statement = (
        sa.update(TroubleCall)
        .where(TroubleCall.id.in_(keys))
        .values(phone="", address="", account_no="", customer_id=None, screening_facts={})
    )
    done: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)


def _old_signals(plan: Plan) -> sa.Select[Any]:
    return sa.select(MeterSignal.id).where(plan.over(MeterSignal.received_at))


def _delete(keys: Sequence[int]) -> int:
    statement = sa.delete(MeterSignal).where(MeterSignal.id.in_(keys))
    removed: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(removed.rowcount)
