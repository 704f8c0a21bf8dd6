"""The list of faxes, and one with its attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.customers.masking import masked
from app.kernel.db import session
from app.telephony.fax.models import FaxAttempt, FaxJob

PAGE = 30


@dataclass(frozen=True, slots=True)
class FaxRow:
    """A fax in the list; `next_at` says when it is tried again."""

    id: int
    document: str
    language: str
    number: str
    state: str
    attempts: int
    pages: int
    account_no: str
    created_at: datetime
    next_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    n: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    pages: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class FaxView:
    row: FaxRow
    inputs: Mapping[str, Any]
    call_ref: str
    attempts: Sequence[AttemptView]


def listed(
    *, paths: Sequence[str], state: str = "", number: str = "", before: int | None = None
) -> tuple[list[FaxRow], int | None]:
    """Faxes, newest first, and the key of the next page; those of no unit are for everybody with the right."""
    query = sa.select(FaxJob).where(_visible(paths)).order_by(FaxJob.id.desc()).limit(PAGE + 1)
    if state:
        query = query.where(FaxJob.state == state)
    if number:
        query = query.where(FaxJob.number.contains(number, autoescape=True))
    if before is not None:
        query = query.where(FaxJob.id < before)
    rows = [_row(job) for job in session.scalars(query)]
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def one(fax_id: int, *, paths: Sequence[str]) -> FaxView | None:
    """A fax with its attempts; None where there is none for this reader."""
    job = session.scalar(sa.select(FaxJob).where(FaxJob.id == fax_id, _visible(paths)))
    if job is None:
        return None
    attempts = session.scalars(sa.select(FaxAttempt).where(FaxAttempt.fax_id == fax_id).order_by(FaxAttempt.n))
    views = [
        AttemptView(each.n, each.started_at, each.ended_at, each.outcome, each.pages, each.code, each.detail)
        for each in attempts
    ]
    return FaxView(_row(job), job.inputs, job.call_ref, views)


def _visible(paths: Sequence[str]) -> sa.ColumnElement[bool]:
    own = [FaxJob.unit_path.startswith(path, autoescape=True) for path in paths]
    return sa.or_(FaxJob.unit_path == "/", *own) if paths else sa.false()


def _row(job: FaxJob) -> FaxRow:
    chosen = job.inputs.get("document") if job.document == "by_choice" else job.document
    return FaxRow(
        id=job.id,
        document=str(chosen or job.document),
        language=job.language,
        number=masked(job.number, "middle"),
        state=job.state,
        attempts=job.attempts,
        pages=job.pages,
        account_no=job.account_no or str(job.inputs.get("account_no") or ""),
        created_at=job.created_at,
        next_at=job.next_at if job.finished_at is None else None,
        finished_at=job.finished_at,
    )
