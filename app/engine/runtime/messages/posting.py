"""Publishing a message, broadcasting a signal: who waits for it, and handing it over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.engine.elements.host import Throw
from app.engine.runtime import instances, starts
from app.engine.runtime.correlation import subsets
from app.engine.runtime.messages import keeping
from app.engine.runtime.messages.post import INSTANCE, Post
from app.engine.runtime.models import Instance, Message, Subscription
from app.engine.runtime.run import active, command, routing
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.reception import receive
from app.engine.runtime.variables import checked
from app.kernel.actor import Actor
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class _Target:
    """An awaited event that is met: its row, and the status of its instance."""

    row: Subscription
    status: str


def publish(
    message: str,
    *,
    correlation: Mapping[str, Any],
    payload: Mapping[str, Any] | None = None,
    key: str | None = None,
    ttl: timedelta | None = None,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Give a message to every instance that waits for it, and return their ids.

    `correlation` names values a waiting event asks for (`{"order_id": 5}`,
    `{"business_key": "GD…"}`), or one instance by `{"instance_id": …}`; an event is met
    when all it asks for is there. Where nobody waits, the processes whose start event names
    the message are started; else the message is kept for `ttl` (dropped at once without).
    For a suspended instance it is kept until that is resumed. A `key` used before does
    nothing and returns the same ids again. Raises `InvalidCorrelation`, `InvalidData`.
    """
    post = Post("message", message, checked(correlation), checked(payload or {}), actor, now)
    if key is None:
        return _publish(post, None, ttl)
    kept, is_new = keeping.claim_key(post, key)
    return _publish(post, kept, ttl) if is_new else list(kept.instance_ids)


def broadcast(signal: str, *, payload: Mapping[str, Any] | None = None, actor: Actor, now: datetime) -> list[str]:
    """Give a signal to every active instance that waits for it, start the processes it starts, and return the ids."""
    post = Post("signal", signal, {}, checked(payload or {}), actor, now)
    return _hand_over(post, _targets(post)) + _started(post)


def _publish(post: Post, kept: Message | None, ttl: timedelta | None, *, put_off: bool = False) -> list[str]:
    targets = _targets(post)
    reached = _hand_over(post, targets)
    if not targets:
        reached = _started(post)
    asleep = [target.row.correlation for target in targets if target.status == "suspended"]
    at_work = active.innermost()
    if not reached and not asleep and at_work is not None and not put_off:
        # the instance that publishes may be about to wait for this very message
        active.later(lambda: _publish(post, kept, ttl, put_off=True))
    elif asleep or (not reached and ttl is not None):
        keeping.keep(post, kept, ttl=ttl, reached=reached, also=asleep)
    elif kept is not None:
        kept.instance_ids = list(reached)
    return reached


def _started(post: Post) -> list[str]:
    """Start the processes that begin with this message or signal; returns the new instances."""
    found = starts.started_by(post.kind, post.name, now=post.now)
    return [instances.start_by_event(key, post) for key in found]


def _targets(post: Post, instance_id: str | None = None) -> list[_Target]:
    """The awaited events this post meets, of one instance where it is given."""
    instance_id = post.correlation.get(INSTANCE, instance_id)
    query = (
        sa.select(Subscription, Instance.status)
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(Subscription.kind == post.kind, Subscription.name == post.name)
        .where(Instance.status.in_(("active", "suspended")))
        .order_by(Subscription.instance_id, Subscription.id)
    )
    if instance_id is not None:
        query = query.where(Subscription.instance_id == instance_id)
    if post.kind == "message" and INSTANCE not in post.correlation:
        query = query.where(Subscription.correlation.in_(subsets(post.values)))
    return [_Target(row, status) for row, status in session.execute(query)]


def _hand_over(post: Post, targets: Sequence[_Target]) -> list[str]:
    """Deliver to each active instance once, by all its awaited events that are met; returns those it reached."""
    awake = [target.row for target in targets if target.status == "active"]
    grouped = groupby(awake, key=lambda row: row.instance_id)
    keys = {instance_id: [row.key for row in rows] for instance_id, rows in grouped if instance_id is not None}
    return [instance_id for instance_id, wanted in keys.items() if _deliver(post, instance_id, wanted)]


def _deliver(post: Post, instance_id: str, keys: Sequence[str]) -> bool:
    if active.at_work(instance_id):
        active.later(lambda: _hand_over(post, _targets(post, instance_id)))
        return True
    instance = command.find_instance(instance_id)
    if instance.status != "active":
        return False
    work = _receiving(keys, post.payload)
    return command.command(instance, work, actor=post.actor, now=post.now)


def _receiving(keys: Sequence[str], payload: Mapping[str, Any]) -> command.Work[bool]:
    return lambda run: receive(run, keys, payload)


def _route(run: Run, throw: Throw) -> None:
    """What a diagram throws. A message goes by what the event states, else to this case's business key.

    A signal is no letter: the case that throws it has had it then and there (`run.host`), what came to wait in it
    since has not.
    """
    if throw.kind == "signal":
        post = Post("signal", throw.name, {}, checked(throw.payload), run.actor, run.now)
        _hand_over(post, [one for one in _targets(post) if one.row.instance_id != run.instance.id])
        _started(post)
        return
    correlation = throw.correlation
    if not correlation and run.instance.business_key is not None:
        correlation = {"business_key": run.instance.business_key}
    publish(throw.name, correlation=correlation, payload=throw.payload, actor=run.actor, now=run.now)


routing.set_router(_route)
