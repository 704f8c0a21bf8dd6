"""Close an account (销户): the meter is gone, nothing is owed, and nobody else has a reason against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Meter
from app.customers.operations.customers import Saved
from app.customers.operations.history import Origin, note, put
from app.customers.queries.view import customer_row
from app.identity import authority
from app.kernel import audit
from app.kernel.db import session
from app.kernel.errors import Conflict

ClosingCheck = Callable[[int, date], Any]

_checks: dict[str, ClosingCheck] = {}


class NotClosable(Conflict):
    """The customer still has a meter, or something else stands against closing."""

    code = "customer_not_closable"


def before_closing(name: str, check: ClosingCheck) -> None:
    """Let a higher package refuse: `check(customer_id, on)` returns why not, None where nothing is against it."""
    _checks[name] = check


def close(number: str, *, on: date, reason: str, origin: Origin) -> Saved:
    """Close an account on a day. Raises `NotClosable`, `CustomerNotFound`, `Forbidden`."""
    row = customer_row(number)
    authority.require(origin.actor, origin.right, unit_path=row.unit_path, now=origin.now)
    if row.status == "closed":
        raise NotClosable(_l("Customer %(number)s is closed already.", number=row.number))
    installed = sa.select(Meter.number).where(Meter.customer_id == row.id, Meter.removed_on.is_(None)).limit(1)
    if (meter := session.scalar(installed)) is not None:
        raise NotClosable(_l("Meter %(meter)s is still installed: remove it first.", meter=meter))
    for check in _checks.values():
        if why := check(row.id, on):
            raise NotClosable(why)
    changed = put(row, {"status": "closed", "closed_on": on})
    put(row, {"updated_at": origin.now, "source": origin.source})
    note(row.id, "customer", row.number, "changed", changed | {"reason": ("", reason)}, origin=origin)
    audit.record(
        "customer.closed",
        actor=origin.actor,
        now=origin.now,
        subject_type="customer",
        subject_id=row.number,
        unit_path=row.unit_path,
    )
    session.flush()
    return Saved(row.id, row.number, row.revision, "changed")
