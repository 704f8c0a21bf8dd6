"""Handing messages and signals to an instance in memory, those kept from before included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.engine.elements.waits import NotWaiting, deliver, waits
from app.engine.runtime.models import Message, MessageAddress, Subscription
from app.engine.runtime.projection.waiting import key_of
from app.engine.runtime.run.active import Run
from app.kernel.db import session


def receive(run: Run, key: str, payload: Mapping[str, Any]) -> bool:
    """Hand a payload to the awaited event of this row; False where it is not awaited any more."""
    wait = next((wait for wait in waits(run.workflow) if wait.kind != "timer" and key_of(wait) == key), None)
    if wait is None:
        return False
    try:
        deliver(run.workflow, wait, dict(payload))
    except NotWaiting:
        return False
    return True


def take_kept_messages(run: Run, added: Sequence[Subscription]) -> bool:
    """Deliver kept messages to events that have just begun to wait; whether there were any.

    No statement where no message is newly awaited.
    """
    wanted = [row for row in added if row.kind == "message" and row.correlation]
    taken = False
    for message, row in _matches(run, wanted) if wanted else ():
        if message.state == "waiting" and receive(run, row.key, message.payload):
            message.state, message.instance_ids = "delivered", [*message.instance_ids, run.instance.id]
            taken = True
    return taken


def _matches(run: Run, wanted: Sequence[Subscription]) -> list[tuple[Message, Subscription]]:
    by_address = {(row.name, row.correlation): row for row in wanted}
    query = (
        sa.select(Message, MessageAddress.name, MessageAddress.correlation)
        .join(MessageAddress, MessageAddress.message_id == Message.id)
        .where(sa.tuple_(MessageAddress.name, MessageAddress.correlation).in_(list(by_address)))
        .where(Message.state == "waiting", sa.or_(Message.expires_at.is_(None), Message.expires_at > run.now))
        .order_by(Message.published_at, Message.id)
    )
    found = session.execute(query.with_for_update(of=Message)).all()
    return [(message, by_address[name, address]) for message, name, address in found]
