"""Messages that leave the house (外发消息): written with the act that causes them, sent by a job, logged for good.

`send` writes the row and the job in the caller's transaction. The job hands the message to
its channel outside any transaction, then notes what became of it and publishes the message
`delivery_done` (correlation `delivery_id`) to whoever waits. The job's payload is the row's
id alone: numbers and texts stand in one table only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel import db, jobs, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.registry import registry
from app.notify.channels import Message, Undeliverable, sender
from app.notify.models import Delivery

KIND = "notify.deliver"
FINAL = frozenset({"sent", "failed"})


def send(
    *,
    channel: str,
    to: str,
    text: str,
    key: str,
    subject: str = "",
    subject_type: str = "",
    subject_id: str = "",
    unit_path: str = "/",
    actor: Actor,
    now: datetime,
) -> int:
    """Have a message sent once; returns the delivery's id. A key used before is the same delivery."""
    known = session.scalar(sa.select(Delivery.id).where(Delivery.key == key))
    if known is not None:
        return known
    row = Delivery(
        channel=channel,
        recipient=to.strip(),
        subject=subject,
        text=text,
        key=key,
        subject_type=subject_type,
        subject_id=str(subject_id),
        unit_path=unit_path,
        by=actor.ref,
        created_at=now,
    )
    session.add(row)
    session.flush()
    jobs.enqueue(KIND, {"delivery": row.id}, now=now, key=f"delivery:{row.id}")
    return row.id


def report(delivery_id: int, *, state: str, error: str = "", ref: str = "", now: datetime) -> None:
    """What became of a delivery: `sent` or `failed`. Told twice, the first counts."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.state in FINAL:
        return
    row.state, row.error, row.ref = state, error[:300], ref[:120] or row.ref
    row.finished_at = now if state in FINAL else None
    live.touch(f"deliveries:{row.subject_type}:{row.subject_id}")
    if state in FINAL:
        session.flush()
        told = {"delivery_state": state, "delivery_error": row.error}
        correlation = {"delivery_id": row.id}
        engine.publish("delivery_done", correlation=correlation, payload=told, actor=SYSTEM, now=now)


def _go_out(payload: Mapping[str, Any], now: datetime) -> dict[str, str]:  # noqa: ARG001 - an effect's form
    """Hand it to its channel: the job's effect, outside any transaction."""
    message = db.run(lambda: _message(int(payload["delivery"])))
    if message is None:
        return {"state": "known"}
    try:
        outcome = sender(message.channel)(message)
    except Undeliverable as never:
        return {"state": "failed", "error": str(never)}
    return {"state": outcome.state, "ref": outcome.ref}


def _message(delivery_id: int) -> Message | None:
    row = session.get(Delivery, delivery_id)
    if row is None or row.state != "queued":
        return None
    return Message(channel=row.channel, to=row.recipient, subject=row.subject, text=row.text, key=row.key)


def _gave_up(payload: Mapping[str, Any], error: str, now: datetime) -> None:
    report(int(payload["delivery"]), state="failed", error=error.partition("\n")[0], now=now)


@registry.job(KIND, effect=_go_out, on_dead=_gave_up)
def _note(payload: Mapping[str, Any], now: datetime) -> None:
    """Keep what became of it, in the transaction that ends the job."""
    effect = payload["effect"]
    if effect["state"] == "known":
        return
    row = session.get(Delivery, int(payload["delivery"]))
    if row is not None:
        row.attempts += 1
    report(
        int(payload["delivery"]),
        state=effect["state"],
        error=effect.get("error", ""),
        ref=effect.get("ref", ""),
        now=now,
    )
