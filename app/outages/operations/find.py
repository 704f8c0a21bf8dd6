"""Fetch an outage for writing, or say that there is none."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from app.outages.models import OVER, Outage


class OutageNotFound(NotFound):
    code = "outage_not_found"


class OutageOver(Conflict):
    """The outage is closed or cancelled: nothing is done with it any more."""

    code = "outage_over"


class OutageChanged(Conflict):
    """Somebody else was first: the outage (or call) is no longer as it was shown."""

    code = "outage_changed"


def by_number(number: str) -> Outage:
    """The outage of this number; raises `OutageNotFound`."""
    found = session.scalar(sa.select(Outage).where(Outage.number == number.strip()))
    if found is None:
        raise OutageNotFound(_l("There is no outage %(number)s.", number=number))
    return found


def open_outage(number: str, *, revision: int | None = None) -> Outage:
    """The outage of this number, not over; with `revision` as its reader saw it.

    Raises `OutageNotFound`, `OutageOver`, `OutageChanged`.
    """
    outage = by_number(number)
    require_open(outage)
    check_revision(outage, revision)
    return outage


def require_open(outage: Outage) -> None:
    """Raise `OutageOver` where nothing is done with the outage any more."""
    if outage.status in OVER:
        raise OutageOver(_l("Outage %(number)s is over.", number=outage.number))


def check_revision(outage: Outage, revision: int | None) -> None:
    """Raise `OutageChanged` where the row is no longer as it was shown (`revision`; None asks nothing)."""
    if revision is not None and outage.revision != revision:
        raise OutageChanged(
            _l("Outage %(number)s has changed meanwhile. Look at it again.", number=outage.number),
            number=outage.number,
        )
