"""What stands against closing an account (销户): money owed, or energy used that no bill holds yet."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.figures import money
from app.billing.models import OWED, Bill
from app.billing.queries.histories import UNDONE
from app.customers.models import Meter, Reading
from app.customers.operations.closing import before_closing
from app.kernel.db import session


def register() -> None:
    """Let accounts be closed only when billing is done with them."""
    before_closing("billing", why_not)


def why_not(customer_id: int, on: date) -> Any:  # noqa: ARG001
    """Why the account cannot be closed; None where nothing is owed and nothing unbilled."""
    owed = session.scalar(
        sa.select(sa.func.sum(Bill.amount - Bill.paid)).where(Bill.customer_id == customer_id, Bill.state.in_(OWED))
    )
    if owed:
        return _l("%(amount)s yuan are still owed: let them be paid first.", amount=money(owed))
    read = sa.select(sa.func.max(Reading.read_on)).join(Meter, Meter.id == Reading.meter_id)
    last = session.scalar(read.where(Meter.customer_id == customer_id, Reading.kind != "install"))
    billed = session.scalar(
        sa.select(sa.func.max(Bill.to_on)).where(Bill.customer_id == customer_id, Bill.state.not_in((*UNDONE, "draft")))
    )
    if last is not None and (billed is None or billed < last):
        return _l("What the meter showed on %(day)s is not billed: issue the final bill first.", day=last.isoformat())
    return None
