"""Bringing kept messages and late waiters together, and forgetting messages whose time is over.

A message is kept and an event begins to wait in two transactions that may not see each
other; whoever comes second normally finds the first, this sweep finds the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine.runtime.messages import keeping
from app.engine.runtime.models import Instance, Message, MessageAddress, Subscription
from app.engine.runtime.run import command
from app.engine.runtime.run.reception import take_kept_messages
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.registry import registry

EVERY = timedelta(seconds=10)


@registry.sweep("engine.messages", every=EVERY)
def sweep(now: datetime) -> int:
    """Deliver what should have met, drop what has expired; returns how many messages that were. Owns transactions."""
    met = sum(db.run(lambda row=row: _deliver(row, now)) for row in _missed(now))  # type: ignore[misc]
    return met + (db.run(lambda: keeping.drop_expired(now)) if _any_expired(now) else 0)


def _missed(now: datetime) -> list[str]:
    """Subscriptions of active instances that a kept message meets."""
    session.rollback()
    query = (
        sa.select(Subscription.id)
        .join(
            MessageAddress,
            sa.and_(MessageAddress.name == Subscription.name, MessageAddress.correlation == Subscription.correlation),
        )
        .join(Message, Message.id == MessageAddress.message_id)
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(Subscription.kind == "message", Message.state == "waiting", Instance.status == "active")
        .where(sa.or_(Message.expires_at.is_(None), Message.expires_at > now))
        .limit(200)
    )
    found = list(session.scalars(query))
    session.rollback()
    return found


def _deliver(subscription_id: str, now: datetime) -> int:
    row = session.get(Subscription, subscription_id)
    if row is None or row.instance_id is None:
        return 0
    instance = command.find_instance(row.instance_id)
    if instance.status != "active":
        return 0
    return int(command.command(instance, lambda run: take_kept_messages(run, [row]), actor=SYSTEM, now=now))


def _any_expired(now: datetime) -> bool:
    session.rollback()
    query = sa.select(Message.id).where(Message.state == "waiting", Message.expires_at <= now).limit(1)
    found = session.scalar(query) is not None
    session.rollback()
    return found
