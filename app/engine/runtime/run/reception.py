"""Handing messages and signals to an instance in memory, those kept from before included."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.event_gateway import EventGateway
from app.engine.elements.host import Throw
from app.engine.elements.waits import NotWaiting, Wait, deliver, in_turn, waits
from app.engine.runtime.models import Message, MessageAddress, Subscription
from app.engine.runtime.projection.waiting import key_of
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import run_step
from app.kernel.db import session


def receive(run: Run, keys: Collection[str], payload: Mapping[str, Any]) -> bool:
    """Hand a payload to the awaited events of these rows; False where none of them is awaited any more.

    All that wait have it, also where one of them takes away what another stands in (`in_turn`).
    """
    meant = [wait for wait in waits(run.workflow) if wait.kind != "timer" and key_of(wait) in keys]
    return any([_hand_over(run, wait, payload) for wait in in_turn(run.workflow, meant)])


def awaited_own(run: Run, throw: Throw) -> frozenset[str]:
    """The rows' keys of what waits for a thrown signal in the very instance that throws it."""
    return frozenset(
        key_of(wait) for wait in waits(run.workflow) if wait.kind == throw.kind and wait.name == throw.name
    )


def _hand_over(run: Run, wait: Wait, payload: Mapping[str, Any]) -> bool:
    try:
        passing = deliver(run.workflow, wait, dict(payload))
    except NotWaiting:
        return False
    while passing:
        task = passing.pop()
        run_step(run, task)
        if isinstance(task.task_spec, EventGateway):  # the event itself stands behind it
            passing += [child for child in task.children if child.has_state(TaskState.READY)]
    return True


def take_kept_messages(run: Run, added: Sequence[Subscription]) -> bool:
    """Deliver kept messages to events that have just begun to wait; whether there were any.

    No statement where no message is newly awaited.
    """
    wanted = [row for row in added if row.kind == "message" and row.correlation]
    taken = False
    for message, row in _matches(run, wanted) if wanted else ():
        if message.state == "waiting" and receive(run, [row.key], message.payload):
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
