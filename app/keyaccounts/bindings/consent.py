"""Steps of asking for consent (`bpmn/outage_consent/`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.engine import api as engine
from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.keyaccounts.labels import ANSWER
from app.keyaccounts.models import OutageConsent
from app.keyaccounts.operations import consents


class Planned(Schema):
    answer_by = fields.String()


class Words(Schema):
    """The customer's answer for the form of the head, in both languages."""

    consent_words = fields.String()
    consent_words_en = fields.String()


@registry.service(
    "keyaccounts.plan_consent",
    title="确定停电意见答复期限",
    title_en="Set the time to answer",
    inputs=Schema.from_dict({"rule": fields.Dict()}),
    outputs=Planned,
    inline=True,
)
def plan_consent(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """When the answer must be there."""
    consent = _consent(context)
    consent.answer_by = consents.answer_time(consent, context.data["rule"], now=context.now)
    return {"answer_by": consent.answer_by.isoformat()}


@registry.service(
    "keyaccounts.note_answer",
    title="登记客户停电意见",
    title_en="Note a customer's answer",
    inputs=Schema.from_dict({"consent_answer": fields.String(), "consent_note": fields.String()}),
    outputs=Words,
    inline=True,
)
def note_answer(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """What the customer said, by form or by message."""
    consent = _consent(context)
    consent.answer = str(context.data.get("consent_answer") or "refused")
    consent.answer_note = str(context.data.get("consent_note") or "")[:500]
    consent.answered_at = context.now
    if consent.answer != "consented":
        consents.keep(consent, "escalated")
    return _words(consent)


@registry.service(
    "keyaccounts.mark_silent", title="登记逾期未答复", title_en="Note the silence", outputs=Words, inline=True
)
def mark_silent(context: ServiceContext) -> Mapping[str, Any]:
    """Nobody answered in time: the head decides."""
    consent = _consent(context)
    consent.answer = "no_answer"
    consents.keep(consent, "escalated")
    return _words(consent)


@registry.service("keyaccounts.record_consent", title="登记征询结论", title_en="Record the outcome", inline=True)
def record_consent(context: ServiceContext) -> Mapping[str, Any]:
    """The customer agreed, or need not."""
    consent = _consent(context)
    consent.decided_by, consent.decided_at = context.actor.ref, context.now
    _end(consent, "consented" if consent.answer == "consented" else "not_needed", context)
    return {}


@registry.service(
    "keyaccounts.record_decision",
    title="登记停电裁定",
    title_en="Record the decision",
    inputs=Schema.from_dict({"consent_decision": fields.String(), "decision_note": fields.String()}),
    inline=True,
)
def record_decision(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """What the head decided."""
    consent = _consent(context)
    consent.decided_by, consent.decided_at = context.actor.ref, context.now
    _end(consent, "overruled" if context.data.get("consent_decision") == "proceed" else "refused", context)
    return {}


@registry.service("keyaccounts.mark_withdrawn", title="登记停电撤销", title_en="Record the withdrawal", inline=True)
def mark_withdrawn(context: ServiceContext) -> Mapping[str, Any]:
    """The outage will not take place."""
    _end(_consent(context), "withdrawn", context)
    return {}


def _end(consent: OutageConsent, state: str, context: ServiceContext) -> None:
    """Keep the outcome and tell a process that waits for it: message `consent_decided` for the `outage`."""
    consents.keep(consent, state)
    engine.publish(
        "consent_decided",
        correlation={"outage": consent.outage},
        payload={"consent": consent.number, "consent_state": state},
        actor=context.actor,
        now=context.now,
    )


def _consent(context: ServiceContext) -> OutageConsent:
    return session.get_one(OutageConsent, int(context.data["consent_id"]))


def _words(consent: OutageConsent) -> dict[str, str]:
    zh, en = ANSWER.get(consent.answer, (consent.answer, consent.answer))
    note = f"（{consent.answer_note}）" if consent.answer_note else ""
    return {"consent_words": zh + note, "consent_words_en": f"{en} {consent.answer_note}".strip()}
