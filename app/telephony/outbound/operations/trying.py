"""Calls are tried by the ivr process: claimed when due, and told how it went.

A claim is a lease: a process that dies lets it run out, and the call is tried again unless the attempt's own
channel was seen to end. Two processes never dial one call at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
import structlog
from marshmallow import EXCLUDE

from app.kernel import live
from app.kernel.actor import SYSTEM
from app.kernel.db import new_id, session
from app.kernel.registry import UnknownName, registry
from app.notify import deliveries, failures
from app.telephony.outbound.models import PhoneAttempt, PhoneCall
from app.telephony.outbound.rules import Purpose, rules

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
NOTHING: Mapping[str, Any] = MappingProxyType({})
CONFIRMED = frozenset({"ANSWERED_CONFIRMED", "PROMISED"})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call to dial now. `call_key` is to be the channel's uuid."""

    id: int
    call_key: str
    kind: str
    purpose: str
    number: str
    text: str
    language: str
    queue: str
    ring_seconds: int
    flow: str = ""


def claim(server: str, *, most: int, now: datetime) -> list[Claimed]:
    """Due calls for this process, the most urgent first; each gets an attempt with a channel of its own."""
    _let_go(now)
    due = session.scalars(
        sa.select(PhoneCall)
        .where(PhoneCall.state == "queued", PhoneCall.next_at <= now)
        .order_by(PhoneCall.priority.desc(), PhoneCall.next_at, PhoneCall.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    return [claimed for row in due if (claimed := _claimed(row, server, now)) is not None]


def _claimed(row: PhoneCall, server: str, now: datetime) -> Claimed | None:
    if deliveries.is_withdrawn(row.delivery_id):
        row.state, row.finished_at, row.next_at = "cancelled", now, None
        return None
    known = rules()
    purpose = known.purpose(row.purpose)
    if row.deadline is not None and now >= row.deadline:
        _over(row, row.result or "NO_ANSWER", {}, now)
        return None
    begin = max(known.allowed_from(now, purpose), _bounded(row, purpose, now))
    if begin > now:
        row.next_at = begin
        return None
    against, until = _against(row, purpose, now)
    if until is not None:
        row.next_at = until
        return None
    if against is not None:
        _settled(row, against, now)
        return None
    row.state, row.attempts = "dialling", row.attempts + 1
    row.claimed_by, row.claimed_until = server[:80], now + LEASE
    attempt = PhoneAttempt(phone_call_id=row.id, n=row.attempts, call_key=new_id(), began_at=now)
    session.add(attempt)
    session.flush()
    return Claimed(
        id=row.id,
        call_key=attempt.call_key,
        kind=row.kind,
        purpose=row.purpose,
        number=row.number,
        text=row.text,
        language=row.language,
        queue=row.queue,
        ring_seconds=purpose.ring_seconds,
        flow=purpose.flow,
    )


def _against(row: PhoneCall, purpose: Purpose, now: datetime) -> tuple[str | None, datetime | None]:
    """Why nobody is to be called any more (it is paid, or the customer forbade calls), or until when it waits.

    A check that nobody registered stops this call and no other: what cannot be checked is not dialled.
    """
    given = {**row.details, "phone": row.number}
    for name in purpose.checks:
        try:
            lookup = registry.get_lookup(name)
        except UnknownName:
            log.error("a check of outgoing calls is unknown", check=name, purpose=purpose.name)
            return "NOT_ALLOWED", None
        inputs = dict(lookup.inputs().load(given, unknown=EXCLUDE)) if lookup.inputs else {}
        answer = lookup.handler(now=now, actor=SYSTEM, **inputs)
        if not answer["allowed"]:
            until = str(answer.get("until") or "")
            return str(answer["why"] or "NOT_NEEDED"), datetime.fromisoformat(until) if until else None
    return None, None


def _settled(row: PhoneCall, why: str, now: datetime) -> None:
    row.state, row.result, row.finished_at, row.next_at = "cancelled", why[:30], now, None
    if row.delivery_id is not None:
        reason = failures.of_result(why)
        deliveries.report(row.delivery_id, state="failed", reason=reason, error=why, ref=row.key, now=now)
    live.touch("phone_calls")


def _bounded(row: PhoneCall, purpose: Purpose, now: datetime) -> datetime:
    """When the bounds on calls of this purpose to this number let the next one begin."""
    begin = now
    for bound, span in ((purpose.a_day, timedelta(days=1)), (purpose.a_cycle, purpose.cycle)):
        if not bound:
            continue
        made: Sequence[datetime] = session.scalars(
            sa.select(PhoneAttempt.began_at)
            .join(PhoneCall, PhoneCall.id == PhoneAttempt.phone_call_id)
            .where(
                PhoneCall.number == row.number,
                PhoneCall.purpose == row.purpose,
                PhoneCall.id != row.id,
                PhoneAttempt.began_at > now - span,
            )
            .order_by(PhoneAttempt.began_at.desc())
        ).all()
        if len(made) >= bound:
            begin = max(begin, made[bound - 1] + span)
    return begin


def give_back(call_key: str, *, now: datetime, after: timedelta = timedelta(seconds=30)) -> None:
    """The attempt did not reach the switch: it does not count."""
    attempt = session.scalar(sa.select(PhoneAttempt).where(PhoneAttempt.call_key == call_key))
    if attempt is None or attempt.ended_at is not None:
        return
    row = session.get_one(PhoneCall, attempt.phone_call_id)
    session.delete(attempt)
    row.attempts -= 1
    row.state, row.next_at, row.claimed_by, row.claimed_until = "queued", now + after, "", None
    session.flush()


def attempt_ended(
    call_key: str, *, result: str, cause: str = "", told: Mapping[str, Any] = NOTHING, now: datetime
) -> None:
    """How an attempt went: the call is over, or tried again when its rule says. Told twice, the first counts.

    `told` is what the flow noted of the call (its tags): whoever wanted the message is told it with the result.
    """
    attempt = session.scalar(sa.select(PhoneAttempt).where(PhoneAttempt.call_key == call_key))
    if attempt is None or attempt.ended_at is not None:
        return
    attempt.ended_at, attempt.result, attempt.cause = now, result[:30], cause[:60]
    row = session.get_one(PhoneCall, attempt.phone_call_id)
    if row.state != "dialling":
        return
    known = rules()
    purpose = known.purpose(row.purpose)
    row.result, row.claimed_by, row.claimed_until = result[:30], "", None
    again = known.allowed_from(now + purpose.between, purpose)
    answered = result == "ANSWERED_NO_CONFIRM" and row.kind == "callback"
    if (
        result in known.final
        or answered
        or row.attempts >= purpose.attempts
        or (row.deadline and again >= row.deadline)
    ):
        _over(row, result, {**told, "result": result, "call": call_key, "phone": row.number}, now)
    else:
        row.state, row.next_at = "queued", again
    session.flush()
    live.touch("phone_calls")


def _over(row: PhoneCall, result: str, details: Mapping[str, Any], now: datetime) -> None:
    reached = result in CONFIRMED or result == "ANSWERED_NO_CONFIRM"
    row.state, row.result = "done" if reached else "failed", result
    row.finished_at, row.next_at, row.claimed_by, row.claimed_until = now, None, "", None
    if row.delivery_id is not None:
        state, reason = ("sent", "") if reached else ("failed", failures.of_result(result))
        deliveries.report(
            row.delivery_id, state=state, reason=reason, error=result, ref=row.key, details=details, now=now
        )


def _let_go(now: datetime) -> None:
    """Calls whose process died while it dialled: the attempt is lost, the rule says what follows."""
    stale = session.scalars(
        sa.select(PhoneAttempt.call_key)
        .join(PhoneCall, PhoneCall.id == PhoneAttempt.phone_call_id)
        .where(PhoneCall.state == "dialling", PhoneCall.claimed_until <= now, PhoneAttempt.ended_at.is_(None))
    ).all()
    for call_key in stale:
        attempt_ended(call_key, result="LINE_FAILURE", cause="LOST", now=now)
