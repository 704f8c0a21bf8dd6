"""Close the records of calls that nobody sees any more: after a crash, or a link that was down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import Call, CallStep, QueueVisit


def reconcile(server: str, alive: Collection[str], *, before: datetime | None = None, now: datetime) -> int:
    """Close this server's open calls that are not among `alive` (and began `before`, where it is given); how many.

    A call ends when it was last seen: at its last step, or its beginning.
    """
    mine = sa.select(Call).where(Call.server == server, Call.ended_at.is_(None))
    open_calls = session.scalars(mine if before is None else mine.where(Call.began_at < before)).all()
    closed = 0
    for call in open_calls:
        if call.key in alive:
            continue
        last = session.scalar(sa.select(sa.func.max(CallStep.at)).where(CallStep.call_id == call.id))
        call.ended_at = min(last or call.began_at, now)
        call.cause = "LOST"
        closed += 1
        session.execute(
            sa.update(QueueVisit)
            .where(QueueVisit.call_key == call.key, QueueVisit.left_at.is_(None))
            .values(left_at=call.ended_at, outcome="lost")
        )
    session.flush()
    return closed
