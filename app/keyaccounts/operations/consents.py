"""Ask key accounts before a planned outage, and keep what they say. The process is `outage_consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.i18n import format_when, in_locale
from app.kernel.numbering import next_number
from app.keyaccounts.days import day_of
from app.keyaccounts.models import KeyAccount, OutageConsent
from app.keyaccounts.operations.posts import posts_for
from app.keyaccounts.operations.visits import manager_of, topic
from app.keyaccounts.queries.accounts import find_account
from app.keyaccounts.queries.consents import WAITING

PROCESS = "outage_consent"
PREFIX = "YJ"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutage:
    """What accounts are asked about: `number` names the outage, `kind` is `planned` or `temporary`."""

    number: str
    begins_at: datetime
    ends_at: datetime
    reason: str
    kind: str = "planned"


def ask_consent(outage: PlannedOutage, customer_ids: Sequence[int], *, actor: Actor, now: datetime) -> list[int]:
    """Ask the key accounts among these customers; asked before they are not asked again. Returns consents' ids.

    For the owner of planned outages; customers that are no key accounts are left out. Raises `Invalid`.
    """
    if not now < outage.begins_at < outage.ends_at:
        raise Invalid(_l("A planned outage begins in the future and ends after it begins."))
    asked = sa.select(OutageConsent.account_id).where(OutageConsent.outage == outage.number)
    rows = session.scalars(
        sa.select(KeyAccount).where(
            KeyAccount.active, KeyAccount.customer_id.in_(customer_ids), KeyAccount.id.not_in(asked)
        )
    ).all()
    return [_ask(row, outage, actor=actor, now=now) for row in rows]


def answer(consent_id: int, *, said: str, note: str = "", actor: Actor, now: datetime) -> bool:
    """The customer answered by another way (web, phone, letter); returns whether the process still waited for it."""
    payload = {"consent_answer": said, "consent_note": note[:500]}
    reached = engine.publish(
        "consent_answered", correlation={"consent_id": consent_id}, payload=payload, actor=actor, now=now
    )
    return bool(reached)


def withdraw(outage: str, *, actor: Actor, now: datetime) -> int:
    """The outage will not take place: nobody needs to answer. Returns how many were still being asked."""
    ids = session.scalars(
        sa.select(OutageConsent.id).where(OutageConsent.outage == outage, OutageConsent.state.in_(WAITING))
    ).all()
    for consent_id in ids:
        engine.publish("outage_withdrawn", correlation={"consent_id": consent_id}, actor=actor, now=now)
    return len(ids)


def answer_time(consent: OutageConsent, rule: Mapping[str, Any], *, now: datetime) -> datetime:
    """When the answer must be there: after the rule's hours, or its hours before the outage where that is sooner.

    Never before the rule's least hours are over: a customer asked late still gets time to answer.
    """
    by_hours = now + timedelta(hours=float(rule["answer_hours"]))
    before = consent.begins_at - timedelta(hours=float(rule["before_hours"]))
    return max(min(by_hours, before), now + timedelta(hours=float(rule["least_hours"])))


def keep(consent: OutageConsent, state: str) -> None:
    """The consent's state, told to those who wait for the outage's consents (message `consent_decided`)."""
    consent.state = state
    account = session.get_one(KeyAccount, consent.account_id)
    live.touch(topic(account.id), f"outage_consents:{consent.outage}")
    session.flush()


def _ask(row: KeyAccount, outage: PlannedOutage, *, actor: Actor, now: datetime) -> int:
    consent = OutageConsent(
        number=next_number(PREFIX, now=now),
        outage=outage.number,
        account_id=row.id,
        unit_path=row.unit_path,
        kind=outage.kind,
        reason=outage.reason[:300],
        begins_at=outage.begins_at,
        ends_at=outage.ends_at,
        asked_at=now,
    )
    session.add(consent)
    session.flush()
    view = find_account(row.number, on=day_of(now))
    assert view is not None
    with in_locale("zh"):
        begins, ends = format_when(outage.begins_at), format_when(outage.ends_at)
    instance = engine.start(
        PROCESS,
        data={
            "consent_id": consent.id,
            "number": consent.number,
            "outage": outage.number,
            "kind": outage.kind,
            "account": row.number,
            "customer": view.name,
            "importance": view.importance,
            "unit": row.unit_code,
            **posts_for(row.unit_code, now=now),
            "manager": manager_of(row.id, on=day_of(now)),
            "begins": begins,
            "ends": ends,
            "reason": outage.reason,
        },
        business_key=consent.number,
        title=f"停电意见征询：{view.name}",
        title_en=f"Consent to an outage: {view.name}",
        unit=row.unit_code,
        search=f"{consent.number} {outage.number} {row.number} {view.name}",
        actor=actor,
        now=now,
    )
    consent.instance_id = instance.id
    session.flush()
    return consent.id
