"""Outages as a likely reason of a call: what the agent tells first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.customers.queries.lines import CustomerLine
from app.desk.queries.likely import Sources
from app.outages.queries import of_customer


def register() -> None:
    """Ask outages about every caller who is known."""
    Sources.add("outages", outage_of)


def outage_of(customer: CustomerLine, now: datetime) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The outage the customer is in, with what to say: since when, why, and when supply is expected back."""
    found = of_customer(customer.id, now)
    if found is None:
        return []
    facts = {
        "title": _("Outage %(number)s", number=found.number),
        "text": found.text(now=now),
        "number": found.number,
        "late": found.etr is not None and found.etr <= now,
    }
    return [("outage", facts)]
