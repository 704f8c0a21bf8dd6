"""Subscribing addresses to the feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers import outbound
from app.customers.feed import queries
from app.customers.feed.models import FeedSubscriber
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound

RIGHT = "customer.import"


class BadSubscriber(Invalid):
    code = "feed_subscriber_invalid"


class SubscriberNotFound(NotFound):
    code = "feed_subscriber_not_found"


def subscribe(
    name: str,
    url: str,
    *,
    secret_name: str,
    subjects: Sequence[str] = (),
    from_start: bool = False,
    actor: Actor,
    now: datetime,
) -> FeedSubscriber:
    """Push changes to an address from now on, or from the first that is kept.

    The address is told about every unit's customers, so the actor needs the right everywhere. Raises `BadAddress`
    for a host or secret that the installation does not name, `BadSubscriber`.
    """
    authority.require(actor, RIGHT, unit_path="/", now=now)
    name = name.strip()
    if not name or len(name) > 100 or len(url) > 500:
        raise BadSubscriber(_l("Give it a name."))
    if session.scalars(sa.select(FeedSubscriber.id).where(FeedSubscriber.name == name)).first() is not None:
        raise BadSubscriber(_l("Another subscriber has this name."))
    outbound.check_address(url)
    outbound.token(secret_name)
    first, last = queries.span()
    row = FeedSubscriber(
        name=name,
        url=url,
        secret_name=secret_name,
        subjects=list(subjects),
        position=first - 1 if from_start else last,
        next_at=now,
        created_at=now,
        created_by=actor.ref[:80],
    )
    session.add(row)
    session.flush()
    audit.record("feed.subscribed", actor=actor, now=now, subject_type="feed", subject_id=row.id, details={"url": url})
    return row


def set_active(name: str, *, active: bool, actor: Actor, now: datetime) -> None:
    """Stop pushing to a subscriber, or go on where it stopped."""
    authority.require(actor, RIGHT, unit_path="/", now=now)
    row = session.scalars(sa.select(FeedSubscriber).where(FeedSubscriber.name == name)).first()
    if row is None:
        raise SubscriberNotFound(_l("There is no such subscriber."), name=name)
    row.active, row.next_at, row.failures, row.error = active, now, 0, ""
    action = "feed.started" if active else "feed.stopped"
    audit.record(action, actor=actor, now=now, subject_type="feed", subject_id=row.id)
