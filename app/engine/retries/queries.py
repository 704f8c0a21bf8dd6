"""Reading retries and their results."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.retries.models import Retry, RetryItem
from app.engine.retries.views import RetryResult, RetryView
from app.engine.runtime.models import Incident
from app.engine.runtime.rows import incident_view
from app.kernel.db import session
from app.kernel.errors import NotFound


class RetryNotFound(NotFound):
    code = "retry_not_found"


def get_retry(retry_id: str) -> RetryView:
    """Raises `RetryNotFound`."""
    row = session.get(Retry, retry_id)
    if row is None:
        raise RetryNotFound(_l("There is no such retry."), retry_id=retry_id)
    return _view(row)


def list_retries(*, limit: int = 20) -> list[RetryView]:
    """Retries, the latest first."""
    return [_view(row) for row in session.scalars(sa.select(Retry).order_by(Retry.id.desc()).limit(limit))]


def retry_results(
    retry_id: str, *, state: str | None = None, after: str | None = None, limit: int = 100
) -> list[RetryResult]:
    """What became of each incident, by id; `after` is the last id of the page before."""
    query = (
        sa.select(RetryItem, Incident)
        .join(Incident, Incident.id == RetryItem.incident_id)
        .where(RetryItem.retry_id == retry_id)
        .order_by(RetryItem.incident_id)
        .limit(limit)
    )
    if state is not None:
        query = query.where(RetryItem.state == state)
    if after is not None:
        query = query.where(RetryItem.incident_id > after)
    return [
        RetryResult(incident_view(incident), item.state, item.note, item.done_at)
        for item, incident in session.execute(query)
    ]


def _view(row: Retry) -> RetryView:
    counted = sa.select(RetryItem.state, sa.func.count()).where(RetryItem.retry_id == row.id).group_by(RetryItem.state)
    return RetryView(
        row.id, row.reason, row.state, row.created_at, row.created_by, row.finished_at,
        {state: count for state, count in session.execute(counted)},
    )  # fmt: skip
