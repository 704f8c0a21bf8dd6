"""Who was told about an outage, and who was asked whether supply is back: kept for a time, then removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan
from app.outages.models import OVER, Outage, OutageRecipient, OutageTold, OutageVerification


def register() -> None:
    """Define the kinds."""
    entries = standard(Path(__file__).with_name("retention.yaml"))
    define("outage_told", entries["outage_told"], expired=_old_told, remove=_remover(OutageTold))
    define("outage_asked", entries["outage_asked"], expired=_old_asked, remove=_remover(OutageVerification))
    define("outage_recipient", entries["outage_recipient"], expired=_old_outages, remove=_remove_recipients)


def _old_told(plan: Plan) -> sa.Select[Any]:
    return sa.select(OutageTold.id).where(OutageTold.state != "waiting", plan.over(OutageTold.at))


def _old_asked(plan: Plan) -> sa.Select[Any]:
    return sa.select(OutageVerification.id).where(
        OutageVerification.state != "pending", plan.over(OutageVerification.asked_at)
    )


def _old_outages(plan: Plan) -> sa.Select[Any]:
    """Outages that are over and still name whom to tell."""
    named = sa.select(OutageRecipient.outage_id).where(OutageRecipient.outage_id == Outage.id)
    return sa.select(Outage.id).where(Outage.status.in_(OVER), plan.over(Outage.closed_at), named.exists())


def _remove_recipients(outage_ids: Sequence[int]) -> int:
    statement = sa.delete(OutageRecipient).where(OutageRecipient.outage_id.in_(outage_ids))
    session.execute(statement, execution_options={"synchronize_session": False})
    return len(outage_ids)


def _remover(model: type[OutageTold] | type[OutageVerification]) -> Any:
    def remove(keys: Sequence[int]) -> int:
        statement = sa.delete(model).where(model.id.in_(keys))
        removed: Any = session.execute(statement, execution_options={"synchronize_session": False})
        return int(removed.rowcount)

    return remove
