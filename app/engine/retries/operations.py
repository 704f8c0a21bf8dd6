"""Starting a retry of several incidents; a job tries them in batches."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.retries.choosing import IncidentFilter, conditions
from app.engine.retries.models import Retry, RetryItem
from app.engine.retries.queries import get_retry
from app.engine.retries.views import RetryView
from app.engine.runtime.models import Incident
from app.engine.runtime.run.services import pack_actor
from app.kernel import audit, jobs
from app.kernel.actor import Actor
from app.kernel.db import new_id, session
from app.kernel.errors import Invalid

JOB = "engine.retry_incidents"


class NothingToRetry(Invalid):
    code = "nothing_to_retry"


def start_retry(wanted: IncidentFilter, *, reason: str, actor: Actor, now: datetime) -> RetryView:
    """Note the open incidents of this filter; a job tries each again. Raises `NothingToRetry`."""
    query = sa.select(Incident.id).where(Incident.state == "open", *conditions(wanted))
    chosen = session.scalars(query.order_by(Incident.id)).all()
    if not chosen:
        raise NothingToRetry(_l("No open incident fits these filters."), errors={})
    row = Retry(id=new_id(), reason=reason[:500], state="running", created_at=now, created_by=actor.ref)
    session.add(row)
    session.flush()
    items = [{"retry_id": row.id, "incident_id": one, "state": "pending", "note": ""} for one in chosen]
    session.execute(sa.insert(RetryItem), items)
    asked = {
        "process": wanted.process_key, "element": wanted.element_id, "kind": wanted.kind, "text": wanted.text,
        "case": wanted.business_key,
    }  # fmt: skip
    details = {"incidents": len(chosen), "reason": reason, **{name: value for name, value in asked.items() if value}}
    audit.record(
        "incidents.retry", actor=actor, now=now, subject_type="incident_retry", subject_id=row.id, details=details
    )
    jobs.enqueue(JOB, {"retry": row.id, "actor": pack_actor(actor)}, now=now)
    return get_retry(row.id)
