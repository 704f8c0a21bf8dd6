"""How important the customer of a report is: what their account says goes before what the agent chose."""

from __future__ import annotations

import sqlalchemy as sa

from app.customers.models import Customer
from app.kernel.db import session

ORDINARY = "none"


def importance_of(account_no: str, chosen: str) -> str:
    """The grade that the order's limits follow (`order_limits`).

    A customer that was graded keeps the grade whoever takes the report; where the account is
    not known or not graded, the agent's choice counts.
    """
    number = account_no.strip()
    if not number:
        return chosen
    graded = session.scalar(sa.select(Customer.importance).where(Customer.number == number))
    return graded if graded and graded != ORDINARY else chosen
