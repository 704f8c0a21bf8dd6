"""Reports that wait for a person: nobody knows where they are, or too many came from one number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.models import TroubleCall
from app.outages.models.trouble import WAITING
from app.outages.queries.board import under
from app.outages.queries.details import MOST, CallView, call_view
from app.workorders.models import WorkOrder
from app.workorders.queries.scope import REVEAL


def unplaced(paths: Sequence[str], *, actor: Actor, now: datetime) -> list[CallView]:
    """The reports of these units that no outage explains yet, the latest first; persons are masked as everywhere."""
    query = (
        sa.select(TroubleCall, WorkOrder.secrecy)
        .outerjoin(WorkOrder, WorkOrder.id == TroubleCall.order_id)
        .where(*_waiting(paths))
        .order_by(TroubleCall.received_at.desc(), TroubleCall.id.desc())
        .limit(MOST)
    )
    rows = session.execute(query).all()
    units = {call.unit_path for call, _ in rows}
    seen = {path: authority.may(actor, REVEAL, unit_path=path, now=now) for path in units}
    return [call_view(call, masked=not seen[call.unit_path] or secrecy not in (None, "none")) for call, secrecy in rows]


def count(paths: Sequence[str]) -> int:
    """How many wait."""
    return session.scalar(sa.select(sa.func.count()).select_from(TroubleCall).where(*_waiting(paths))) or 0


def _waiting(paths: Sequence[str]) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    """In the words of the partial index: every refresh of a board counts them."""
    return (
        sa.text(f"trouble_call.{WAITING}"),
        TroubleCall.state == "open",
        TroubleCall.outage_id.is_(None),
        TroubleCall.screening != "passed",
        under(TroubleCall.unit_path, paths),
    )
