"""What key accounts said to planned outages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.keyaccounts.models import KeyAccount, OutageConsent

WAITING = ("asked", "escalated")
FREE = ("not_needed", "consented", "overruled")
"""States with which the outage may go ahead for this account."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One account's consent to one outage (`models.OutageConsent`)."""

    id: int
    number: str
    outage: str
    account_id: int
    account: str
    kind: str
    reason: str
    begins_at: datetime
    ends_at: datetime
    state: str
    answer: str
    answer_note: str
    answer_by: datetime | None
    answered_at: datetime | None
    decided_by: str
    decided_at: datetime | None

    @property
    def waiting(self) -> bool:
        return self.state in WAITING

    @property
    def free(self) -> bool:
        """Whether the outage may go ahead as far as this account is concerned."""
        return self.state in FREE


_FIELDS = [name for name in ConsentView.__dataclass_fields__ if name != "account"]


def consents_of(outage: str) -> list[ConsentView]:
    """Every account asked about an outage: it may go ahead when all are `free`."""
    return _views(sa.select(OutageConsent, KeyAccount.number).where(OutageConsent.outage == outage))


def consents_at(account_ids: Sequence[int], *, waiting: bool = False, limit: int = 100) -> list[ConsentView]:
    """What these accounts were asked, newest first."""
    query = sa.select(OutageConsent, KeyAccount.number).where(OutageConsent.account_id.in_(account_ids))
    if waiting:
        query = query.where(OutageConsent.state.in_(WAITING))
    return _views(query.limit(limit))


def _views(query: Any) -> list[ConsentView]:
    joined = query.join(KeyAccount, KeyAccount.id == OutageConsent.account_id).order_by(OutageConsent.id.desc())
    return [
        ConsentView(**{name: getattr(row, name) for name in _FIELDS}, account=account)
        for row, account in session.execute(joined)
    ]
