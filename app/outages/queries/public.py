"""What anybody may know of outages (停电信息公告): current and coming ones by area, without any personal data.

Only outages with an entered notice are shown, with the notice's fields as they are now. A person may ask about
one address or account number and learns whether it is affected, never whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.addresses import key as address_key
from app.customers.models import Customer, Premises
from app.kernel.db import session
from app.kernel.i18n import format_when, in_locale
from app.outages.models import OVER, Outage, OutageCustomer, OutageNotice, OutageRecipient
from app.outages.notice_texts import STANDING, compose
from app.outages.queries.affected import cause_words

PUBLIC = ("unplanned", "planned", "temporary", "orderly")
"""Natures that concern more than one customer; stops of single customers are never shown."""

SHOWN_AFTER = timedelta(hours=2)
"""How long an outage is still shown once supply is back: people ask why it was dark."""

AHEAD = timedelta(days=30)
MOST = 300
SHORTEST_ADDRESS = 4
MOST_PREMISES = 200


@dataclass(frozen=True, slots=True)
class PublicOutage:
    """One outage as the public page and the line tell it at this moment. Times are instants, `facts` the notice's
    fields, `text` the words that hold now, also where the estimate or the cause changed without a notice."""

    number: str
    unit_code: str
    unit_path: str
    nature: str
    kind: str
    status: str
    begins_at: datetime
    ends_at: datetime | None
    etr_at: datetime | None
    restored_at: datetime | None
    customers: int
    facts: Mapping[str, Any]
    text: str
    text_en: str

    @property
    def coming(self) -> bool:
        """Whether it has not begun."""
        return self.status == "noticed"

    @property
    def back(self) -> bool:
        """Whether supply is back."""
        return self.restored_at is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address or account is told. `known` says that there is supply to it at all."""

    known: bool
    out: tuple[PublicOutage, ...]
    coming: tuple[PublicOutage, ...]


def public_outages(paths: Sequence[str] = ("/",), *, now: datetime) -> list[PublicOutage]:
    """Current and coming outages of these units, those out first, then by begin; not those of single customers."""
    within = sa.or_(*(Outage.unit_path.startswith(path, autoescape=True) for path in paths))
    several = sa.and_(~Outage.kind.endswith("_service"), Outage.customers_total != 1)
    found = _shown(sa.select(Outage).where(within, several), now)
    return sorted(found, key=lambda one: (one.back, one.coming, one.begins_at))


def of_account(number: str, *, now: datetime) -> Answer:
    """Whether this account is out or will be."""
    ids = session.scalars(
        sa.select(Customer.id).where(Customer.number == number.strip(), Customer.status != "closed")
    ).all()
    return _answer(ids, now)


def of_address(text: str, *, now: datetime) -> Answer:
    """Whether supply to an address (or to what begins with it) is out or will be."""
    key = address_key(text)
    if len(key) < SHORTEST_ADDRESS:
        return Answer(False, (), ())
    premises = (
        sa.select(Premises.id)
        .where(Premises.address_key.startswith(key, autoescape=True))
        .order_by(Premises.address_key)
        .limit(MOST_PREMISES)
    )
    ids = session.scalars(sa.select(Customer.id).where(Customer.premises_id.in_(premises))).all()
    return _answer(ids, now)


def of_customers(ids: Sequence[int], *, now: datetime) -> Answer:
    """The same for customers that are known by id."""
    return _answer(ids, now)


def _answer(ids: Sequence[int], now: datetime) -> Answer:
    if not ids:
        return Answer(False, (), ())
    out = sa.select(OutageCustomer.outage_id).where(OutageCustomer.customer_id.in_(ids), OutageCustomer.active)
    told = sa.select(OutageRecipient.outage_id).where(OutageRecipient.customer_id.in_(ids))
    current = _shown(sa.select(Outage).where(Outage.id.in_(out)), now)
    coming = _shown(sa.select(Outage).where(Outage.id.in_(told), Outage.status == "noticed"), now)
    return Answer(True, tuple(one for one in current if not one.coming and not one.back), tuple(coming))


def _shown(query: sa.Select[Outage], now: datetime) -> list[PublicOutage]:
    """The outages of a query that have an entered notice, with the newest one."""
    newest = (
        sa.select(OutageNotice.outage_id, sa.func.max(OutageNotice.id).label("notice_id"))
        .where(OutageNotice.state == "entered")
        .group_by(OutageNotice.outage_id)
        .subquery()
    )
    rows = session.execute(
        query.add_columns(OutageNotice)
        .join(newest, newest.c.outage_id == Outage.id)
        .join(OutageNotice, OutageNotice.id == newest.c.notice_id)
        .where(
            Outage.nature.in_(PUBLIC),
            Outage.kind != "non_outage",
            sa.or_(
                Outage.status.not_in(OVER),
                sa.and_(Outage.status == "closed", Outage.restored_at > now - SHOWN_AFTER),
            ),
            sa.or_(Outage.restored_at.is_(None), Outage.restored_at > now - SHOWN_AFTER),
            sa.or_(Outage.planned_from.is_(None), Outage.planned_from < now + AHEAD),
        )
        .order_by(Outage.started_at.desc())
        .limit(MOST)
    )
    return [_view(outage, notice, now) for outage, notice in rows]


def _view(outage: Outage, notice: OutageNotice, now: datetime) -> PublicOutage:
    facts = {**notice.facts, **{language: _facts_now(outage, notice, language, now) for language in ("zh", "en")}}
    occasion = "announced" if outage.status == "noticed" else "restored" if outage.restored_at else STANDING
    return PublicOutage(
        number=outage.number,
        unit_code=outage.unit_code,
        unit_path=outage.unit_path,
        nature=outage.nature,
        kind=notice.kind,
        status=outage.status,
        begins_at=outage.planned_from if outage.status == "noticed" and outage.planned_from else outage.started_at,
        ends_at=outage.planned_to,
        etr_at=outage.etr_at,
        restored_at=outage.restored_at,
        customers=outage.customers_total,
        facts=facts,
        text=compose(occasion, notice.kind, facts["zh"], "zh"),
        text_en=compose(occasion, notice.kind, facts["en"], "en"),
    )


def _facts_now(outage: Outage, notice: OutageNotice, language: str, now: datetime) -> dict[str, str]:
    """The notice's fields with the estimate, the end and the cause as they are at this moment."""
    facts = dict(notice.facts.get(language) or notice.facts.get("zh") or {})
    ends = outage.restored_at or outage.planned_to
    with in_locale(language):
        facts["etr"] = format_when(outage.etr_at) if outage.etr_at and outage.etr_at > now else ""
        facts["end"] = format_when(ends) if ends else ""
        if outage.nature == "unplanned" and outage.cause and outage.cause != "unknown":
            facts["cause"] = cause_words(outage.cause)
    return facts
