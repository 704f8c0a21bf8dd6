"""What the board shows beside the list of the chosen outage: its calls and its ETRs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.models import OutageEtr, TroubleCall
from app.outages.queries.view import OutageView
from app.workorders.queries.scope import REVEAL, mask

MOST = 50


@dataclass(frozen=True, slots=True)
class CallLine:
    """A trouble call; phone and account are masked for those without the right `customer.reveal` there."""

    id: int
    revision: int
    source: str
    order_number: str
    account_no: str
    phone: str
    address: str
    reported_at: datetime
    suspect: bool


@dataclass(frozen=True, slots=True)
class EtrLine:
    """An estimate, who gave it, and why."""

    at: datetime
    etr_at: datetime | None
    source: str
    by: str
    note: str


def calls_of(outage: OutageView, *, actor: Actor, now: datetime) -> list[CallLine]:
    """The calls attached to an outage, the newest first, at most fifty."""
    query = sa.select(TroubleCall).where(TroubleCall.outage_id == outage.id, TroubleCall.state == "attached")
    rows = session.scalars(query.order_by(TroubleCall.reported_at.desc(), TroubleCall.id.desc()).limit(MOST))
    plain = authority.may(actor, REVEAL, unit_path=outage.unit_path, now=now)
    return [
        CallLine(
            row.id,
            row.revision,
            row.source,
            row.order_number,
            row.account_no if plain else mask(row.account_no),
            row.phone.removeprefix("+86") if plain else mask(row.phone),
            row.address,
            row.reported_at,
            row.suspect,
        )
        for row in rows
    ]


def etrs_of(outage_id: int) -> list[EtrLine]:
    """The estimates of an outage, the newest first."""
    query = sa.select(OutageEtr).where(OutageEtr.outage_id == outage_id).order_by(OutageEtr.id.desc()).limit(10)
    return [EtrLine(row.at, row.etr_at, row.source, row.by, row.note) for row in session.scalars(query)]
