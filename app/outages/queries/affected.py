"""Whether a customer is without supply, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from app.kernel.db import session
from app.kernel.i18n import current_locale, format_when, localized
from app.outages.called import Called
from app.outages.labels import NATURE, label
from app.outages.models import Outage, OutageCustomer
from app.workorders.queries.codes import code


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected(Called):
    """The active outage of a customer. `since` is when they lost supply; `etr` may be unknown or passed."""

    outage_id: int
    number: str
    revision: int
    nature: str
    kind: str
    status: str
    since: datetime
    etr: datetime | None
    etr_source: str
    cause: str
    device_name: str
    device_name_en: str
    feeder_name: str
    feeder_name_en: str
    customers_out: int
    confirmed: bool

    def text(self, *, now: datetime) -> str:
        """What an agent reads to the customer, in the reader's language."""
        parts = [
            _("%(nature)s since %(since)s.", nature=label(NATURE, self.nature), since=format_when(self.since)),
            _("Cause: %(cause)s.", cause=cause_words(self.cause)) if self.cause else "",
            self._expected(now),
        ]
        between = " " if current_locale() == "en" else ""
        return between.join(part for part in parts if part)

    def _expected(self, now: datetime) -> str:
        if self.etr is None:
            return _("When supply will be back is not known yet.")
        if self.etr <= now:
            return _("Supply was expected back at %(at)s; the crew is still at work.", at=format_when(self.etr))
        return _("Supply is expected back at %(at)s.", at=format_when(self.etr))


def cause_words(cause: str) -> str:
    """A cause (a code of kind `fault_cause`) as people read it; free words as they are."""
    known = code("fault_cause", cause)
    return localized(known.name, known.name_en) if known else cause


def of_customer(customer_id: int, now: datetime) -> Affected | None:
    """The outage the customer is in, if any; one whose planned stop begins later than `now` does not count."""
    row = session.execute(
        sa.select(Outage, OutageCustomer.out_at)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(OutageCustomer.customer_id == customer_id, OutageCustomer.active, OutageCustomer.out_at <= now)
    ).first()
    return affected_of(row[0], row[1]) if row else None


def affected_of(outage: Outage, since: datetime) -> Affected:
    """What somebody in this outage since then is told."""
    return Affected(
        outage_id=outage.id,
        number=outage.number,
        revision=outage.revision,
        nature=outage.nature,
        kind=outage.kind,
        status=outage.status,
        since=since,
        etr=outage.etr_at,
        etr_source=outage.etr_source,
        cause=outage.cause,
        device_name=outage.device_name,
        device_name_en=outage.device_name_en,
        feeder_name=outage.feeder_name,
        feeder_name_en=outage.feeder_name_en,
        customers_out=outage.customers_out,
        confirmed=outage.locked,
    )
