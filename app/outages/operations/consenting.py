"""Ask key accounts about a planned outage (征询重要客户), and count what they said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.engine import api as engine
from app.kernel.actor import Actor
from app.kernel.db import session
from app.keyaccounts.operations import PlannedOutage, ask_consent, withdraw
from app.keyaccounts.queries import consents_of
from app.outages.models import Outage, OutagePlan
from app.outages.operations import recipients, trace


def key_of(outage: Outage) -> str:
    """What consents name this outage by: each revision of the plan asks anew."""
    plan = session.get_one(OutagePlan, outage.id)
    return outage.number if plan.round == 1 else f"{outage.number}-{plan.round}"


def ask(outage: Outage, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Ask the key accounts below the devices; returns the counts and until when the plan waits for them."""
    plan = session.get_one(OutagePlan, outage.id)
    codes = [device["code"] for device in plan.devices]
    assert outage.planned_from is not None and outage.planned_to is not None  # noqa: PT018 (a plan has both)
    asked: list[int] = []
    if outage.planned_from > now:
        planned = PlannedOutage(
            number=key_of(outage),
            begins_at=outage.planned_from,
            ends_at=outage.planned_to,
            reason=plan.reason,
            kind="temporary" if outage.nature == "temporary" else "planned",
        )
        asked = ask_consent(planned, recipients.below(codes, now=now), actor=actor, now=now)
    if asked:
        trace.event(outage, "consents_asked", actor=actor, now=now, params={"accounts": len(asked)})
    until = engine.due_instant(f"PT{float(plan.terms['consent_hours']):g}H", now)
    return {**counts(outage), "consent_until": min(until, max(outage.planned_from, now)).isoformat()}


def counts(outage: Outage) -> dict[str, Any]:
    """How many accounts still think, and how many stand against it; in words too."""
    consents = consents_of(key_of(outage))
    open_, refused = sum(one.waiting for one in consents), sum(one.state == "refused" for one in consents)
    free = sum(one.free for one in consents)
    words = words_en = ""
    if consents:
        words = f"大客户意见：可以停电 {free} 户，不同意 {refused} 户，未答复 {open_} 户。"
        words_en = f"Key accounts: {free} may go ahead, {refused} refuse, {open_} open."
    return {
        "consents_open": open_,
        "consents_refused": refused,
        "consent_words": words,
        "consent_words_en": words_en,
        "consent_key": key_of(outage),
    }


def call_off(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Nobody needs to answer any more."""
    withdraw(key_of(outage), actor=actor, now=now)
