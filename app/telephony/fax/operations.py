"""Send a fax again by hand."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.telephony.fax.models import QUEUED, SENT, FaxJob

RIGHT = "fax.manage"
TOPIC = "faxes"


class NoSuchFax(NotFound):
    code = "no_such_fax"


class FaxUnderWay(Conflict):
    """It is queued or being sent already, or it has arrived."""

    code = "fax_under_way"


def resend(fax_id: int, *, actor: Actor, now: datetime) -> None:
    """Queue a fax that did not arrive once more, with all its attempts. Raises `NoSuchFax`, `FaxUnderWay`."""
    job = session.get(FaxJob, fax_id)
    if job is None:
        raise NoSuchFax(_l("There is no such fax."))
    authority.require(actor, RIGHT, unit_path=None if job.unit_path == "/" else job.unit_path, now=now)
    if job.finished_at is None or job.state == SENT:
        raise FaxUnderWay(_l("This fax is on its way or has arrived."))
    job.state, job.next_at, job.finished_at = QUEUED, now, None
    session.flush()
    audit.record("fax.resent", actor=actor, now=now, subject_type="fax", subject_id=str(job.id))
    live.touch(TOPIC)
