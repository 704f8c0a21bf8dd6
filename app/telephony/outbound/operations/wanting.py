"""A call is wanted, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.telephony.esl import Injection, guard
from app.telephony.outbound.models import WAITING, PhoneCall
from app.telephony.outbound.rules import rules


class NoNumber(Invalid):
    """It cannot be dialled."""

    code = "phone_number"


@dataclass(frozen=True, slots=True)
class Message:
    """Words to be spoken; a key pressed confirms them."""

    number: str
    text: str
    purpose: str = "notice"
    language: str = "zh"
    delivery_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Callback:
    """A caller who did not want to wait: they are called and joined to an agent. `at` is when they asked for."""

    queue: str
    number: str
    language: str = "zh"
    at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def want_message(message: Message, *, key: str, actor: Actor, now: datetime) -> int:
    """Have somebody called; the row's id. A key used before is the same call. Raises `NoNumber`."""
    row = PhoneCall(
        kind="message",
        purpose=message.purpose[:40],
        text=message.text,
        language=message.language[:5],
        delivery_id=message.delivery_id,
        details=dict(message.details),
    )
    return _want(row, message.number, key=key, actor=actor, now=now, at=now)


def want_callback(wanted: Callback, *, key: str, actor: Actor, now: datetime) -> int:
    """Have a caller called back; the row's id. Somebody who waits for a callback already keeps that one."""
    number = number_of(wanted.number)
    known = session.scalar(
        sa.select(PhoneCall.id).where(
            PhoneCall.kind == "callback",
            PhoneCall.number == number,
            PhoneCall.queue == wanted.queue,
            PhoneCall.state.in_(WAITING),
        )
    )
    if known is not None:
        return known
    row = PhoneCall(
        kind="callback",
        purpose="callback",
        queue=wanted.queue[:40],
        language=wanted.language[:5],
        details=dict(wanted.details),
    )
    return _want(row, number, key=key, actor=actor, now=now, at=max(wanted.at or now, now))


def cancel(key: str, *, now: datetime) -> bool:
    """Call no more: it is settled otherwise. False where it is over or unknown."""
    row = session.scalar(sa.select(PhoneCall).where(PhoneCall.key == key, PhoneCall.state.in_(WAITING)))
    if row is None:
        return False
    row.state, row.finished_at, row.next_at = "cancelled", now, None
    live.touch("phone_calls")
    return True


def recall(key: str, *, now: datetime) -> None:
    """What it says no longer holds: nobody is called with it. One being dialled is not tried again (`claim`)."""
    waits = sa.select(PhoneCall).where(PhoneCall.key == key[:120], PhoneCall.state == "queued")
    row = session.scalar(waits.with_for_update(skip_locked=True))
    if row is not None:
        row.state, row.finished_at, row.next_at = "cancelled", now, None
        live.touch("phone_calls")


def _want(row: PhoneCall, number: str, *, key: str, actor: Actor, now: datetime, at: datetime) -> int:
    known = session.scalar(sa.select(PhoneCall.id).where(PhoneCall.key == key[:120]))
    if known is not None:
        return known
    purpose = rules().purpose(row.purpose)
    row.key, row.number = key[:120], number_of(number)
    row.next_at = rules().allowed_from(at, purpose)
    row.deadline = max(at, row.next_at) + purpose.valid
    row.created_at, row.created_by = now, actor.ref[:80]
    session.add(row)
    session.flush()
    live.touch("phone_calls")
    return row.id


def number_of(text: str) -> str:
    """A number as it is dialled. Raises `NoNumber`."""
    bare = text.replace(" ", "").replace("-", "")
    try:
        return guard.number(bare)
    except Injection:
        raise NoNumber(_l("This is no telephone number.")) from None
