"""Faxes as the line tries them: three more times five minutes apart, by the domain's rule (`rules.yaml`, `fax`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.notify import deliveries, failures
from app.telephony.fax.models import FAILED, QUEUED, SENDING, SENT, FaxAttempt, FaxJob
from app.telephony.outbound.operations.wanting import number_of
from app.telephony.outbound.rules import rules

LEASE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A fax to send now."""

    id: int
    n: int
    document: str
    inputs: Mapping[str, Any]
    language: str
    number: str


def want(
    document: str,
    inputs: Mapping[str, Any],
    *,
    number: str,
    language: str,
    key: str,
    call_ref: str = "",
    account_no: str = "",
    delivery_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Have a document faxed; the row's id. A key used before is the same fax. Raises `NoNumber`."""
    known = session.scalar(sa.select(FaxJob.id).where(FaxJob.key == key))
    if known is not None:
        return known
    row = FaxJob(
        key=key[:120],
        document=document[:40],
        inputs=dict(inputs),
        language=language[:5],
        number=number_of(number),
        call_ref=call_ref[:80],
        account_no=account_no[:32],
        delivery_id=delivery_id,
        created_at=now,
        created_by=actor.ref[:80],
        next_at=now,
    )
    session.add(row)
    session.flush()
    live.touch("faxes")
    return row.id


def recall(key: str, now: datetime) -> None:
    """Send it no more: it no longer holds. What the machine is at goes out."""
    waits = FaxJob.key == f"delivery:{key}"[:120], FaxJob.finished_at.is_(None), FaxJob.state != SENDING
    row = session.scalar(sa.select(FaxJob).where(*waits).with_for_update(skip_locked=True))
    if row is not None:
        row.state, row.finished_at, row.next_at = FAILED, now, None
        live.touch("faxes")


def claim(*, most: int, now: datetime) -> list[Claimed]:
    """Faxes that are due; a claim is a lease, what a dead process held is due again when it runs out."""
    rows = session.scalars(
        sa.select(FaxJob)
        .where(FaxJob.next_at <= now, FaxJob.finished_at.is_(None))
        .order_by(FaxJob.next_at, FaxJob.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = []
    for row in rows:
        row.state, row.attempts, row.next_at = SENDING, row.attempts + 1, now + LEASE
        session.add(FaxAttempt(fax_id=row.id, n=row.attempts, started_at=now))
        claimed.append(Claimed(row.id, row.attempts, row.document, row.inputs, row.language, row.number))
    session.flush()
    return claimed


def ended(fax_id: int, n: int, *, state: str, pages: int = 0, code: str = "", detail: str = "", now: datetime) -> None:
    """How an attempt went. Told twice, the first counts."""
    attempt = session.scalar(sa.select(FaxAttempt).where(FaxAttempt.fax_id == fax_id, FaxAttempt.n == n))
    if attempt is None or attempt.ended_at is not None:
        return
    attempt.ended_at, attempt.outcome, attempt.pages = now, state, pages
    attempt.code, attempt.detail = code[:20], detail[:300]
    row = session.get_one(FaxJob, fax_id)
    rule = rules().fax
    row.state, row.pages = state, max(row.pages, pages)
    if state == SENT or row.attempts > rule.retries:
        row.state = state if state == SENT else FAILED if state == SENDING else state
        row.finished_at, row.next_at = now, None
        if row.delivery_id is not None:
            told, reason = ("sent", "") if state == SENT else ("failed", failures.of_result(state))
            deliveries.report(row.delivery_id, state=told, reason=reason, error=state if reason else "", now=now)
    else:
        row.next_at = now + rule.between
    session.flush()
    live.touch("faxes")


def give_back(fax_id: int, n: int, *, now: datetime, after: timedelta = timedelta(seconds=30)) -> None:
    """The attempt did not reach the switch: it does not count."""
    attempt = session.scalar(sa.select(FaxAttempt).where(FaxAttempt.fax_id == fax_id, FaxAttempt.n == n))
    if attempt is None or attempt.ended_at is not None:
        return
    row = session.get_one(FaxJob, fax_id)
    session.delete(attempt)
    row.attempts, row.state, row.next_at = row.attempts - 1, QUEUED, now + after
    session.flush()
