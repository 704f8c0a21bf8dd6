"""The jobs that hand messages to their channels, outside any transaction, and note what became of them.

A job's payload is rows' ids alone: numbers and texts stand in one table only. A lot is the quick way for many: one
transaction a message notes the last and reads the next. Whatever goes wrong in it gets a job of its own, with that
kind's patience. Where a process dies, one message a job may be handed over again, with the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from app.kernel import db, jobs
from app.kernel.db import session
from app.kernel.registry import registry
from app.notify.channels import Message, Undeliverable, sender
from app.notify.deliveries import KIND, LOTS, report
from app.notify.models import Delivery

log = structlog.get_logger(__name__)

Result = dict[str, str]


def _go_out(payload: Mapping[str, Any], now: datetime) -> Result:  # noqa: ARG001 - an effect's form
    """Hand it to its channel: the job's effect."""
    message = db.run(lambda: _message(int(payload["delivery"])))
    return {"state": "known"} if message is None else _handed(message)


def _handed(message: Message) -> Result:
    try:
        outcome = sender(message.channel)(message)
    except Undeliverable as never:
        return {"state": "failed", "reason": never.reason, "error": str(never)}
    return {"state": outcome.state, "ref": outcome.ref}


def _message(delivery_id: int) -> Message | None:
    row = session.get(Delivery, delivery_id)
    if row is None or row.state != "queued":
        return None
    return Message(
        channel=row.channel, to=row.recipient, subject=row.subject, text=row.text, key=row.key, language=row.language
    )


def _gave_up(payload: Mapping[str, Any], error: str, now: datetime) -> None:
    text = error.partition("\n")[0]
    report(int(payload["delivery"]), state="failed", reason="gateway_down", error=text, now=now)


@registry.job(KIND, effect=_go_out, on_dead=_gave_up)
def _note(payload: Mapping[str, Any], now: datetime) -> None:
    """Keep what became of it, in the transaction that ends the job."""
    if payload["effect"]["state"] != "known":
        _noted(int(payload["delivery"]), payload["effect"], now)


def _noted(delivery_id: int, result: Mapping[str, str], now: datetime) -> None:
    row = session.get(Delivery, delivery_id)
    if row is not None:
        row.attempts += 1
    named: dict[str, Any] = {name: result.get(name, "") for name in ("reason", "error", "ref")}
    report(delivery_id, state=result["state"], **named, now=now)


def _go_out_together(payload: Mapping[str, Any], now: datetime) -> Result:
    """Hand over one after the other; at the first that its channel does not take now, the rest go their own ways."""
    left: list[int] = list(payload["deliveries"])
    message = db.run(partial(_noted_and_next, None, left, now))
    while message is not None:
        try:
            result = _handed(message)
        except Exception as exc:
            log.warning("a message of a lot was not taken", delivery=left[0], error=repr(exc))
            db.run(partial(_each_its_own, left, now))
            break
        done = left.pop(0), result
        message = db.run(partial(_noted_and_next, done, left, now))
    return {}


def _noted_and_next(done: tuple[int, Result] | None, left: list[int], now: datetime) -> Message | None:
    """Note the last and read the next; those that are out already leave the list."""
    if done is not None:
        _noted(done[0], done[1], now)
    while left:
        if (message := _message(left[0])) is not None:
            return message
        left.pop(0)
    return None


def _each_its_own(ids: Sequence[int], now: datetime) -> None:
    waiting = sa.select(Delivery.id).where(Delivery.id.in_(ids), Delivery.state == "queued")
    work = {f"delivery:{one}": {"delivery": one} for one in session.scalars(waiting)}
    jobs.enqueue_many(KIND, work, now=now)


def _lot_gave_up(payload: Mapping[str, Any], _error: str, now: datetime) -> None:
    _each_its_own(payload["deliveries"], now)


@registry.job(LOTS, effect=_go_out_together, on_dead=_lot_gave_up)
def _lot_done(payload: Mapping[str, Any], now: datetime) -> None:
    """Each message is noted already."""
