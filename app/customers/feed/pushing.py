"""Pushing changes to subscribers: signed, at least once, each page under a key that a repetition shares."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from app.customers import outbound
from app.customers.feed import placing, queries
from app.customers.feed.limits import LIMITS
from app.customers.feed.models import FeedSubscriber
from app.kernel import db, jobs
from app.kernel.db import session
from app.kernel.errors import LightlineError
from app.kernel.registry import registry

JOB = "customers.feed.push"


@registry.sweep("customers.feed", every=timedelta(seconds=2))
def place_and_plan(now: datetime) -> int:
    """Place what is new, and plan a push for each subscriber that has not seen it."""
    return placing.place_all() + db.run(lambda: _plan(now))


@registry.sweep("customers.feed.retention", every=timedelta(hours=6))
def forget(now: datetime) -> int:
    """Close the feed for old positions."""
    return db.run(lambda: placing.forget_old(now))


def _plan(now: datetime) -> int:
    _first, last = queries.span()
    behind = sa.select(FeedSubscriber).where(
        FeedSubscriber.active, FeedSubscriber.position < last, FeedSubscriber.next_at <= now
    )
    rows = session.scalars(behind).all()
    for row in rows:
        payload = {"subscriber": row.id, "after": row.position}
        jobs.enqueue(JOB, payload, now=now, key=f"feed-push:{row.id}:{row.position}:{row.failures}")
    return len(rows)


def push(payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Send the next page; an answer of 2xx means that it was taken."""
    row = session.get(FeedSubscriber, int(payload["subscriber"]))
    if row is None or not row.active or row.position != payload["after"]:
        return {}
    url, name, secret_name, subjects = row.url, row.name, row.secret_name, list(row.subjects)
    try:
        page = queries.read(after=row.position, paths=("/",), subjects=subjects)
        session.rollback()
        if page.changes:
            _send(url, name=name, secret_name=secret_name, after=payload["after"], page=page, now=now)
    except queries.FeedForgotten as forgotten:
        return {"error": str(forgotten), "position": forgotten.details["first"] - 1}
    except (LightlineError, outbound.CallFailed) as exc:
        return {"error": str(exc)[:500]}
    finally:
        session.rollback()
    return {"position": page.next, "error": ""}


@registry.job(JOB, max_attempts=3, effect=push)
def note_push(payload: Mapping[str, Any], now: datetime) -> None:
    """Note what was taken, or when to try again."""
    row, found = session.get(FeedSubscriber, int(payload["subscriber"])), payload["effect"]
    if row is None or not found or row.position != payload["after"]:
        return
    row.position = found.get("position", row.position)
    row.error = found["error"]
    if not found["error"]:
        row.failures, row.delivered_at, row.next_at = 0, now, now
        return
    row.failures += 1
    wait = min(LIMITS.first_wait_s * 2 ** min(row.failures - 1, 20), LIMITS.longest_wait_s)
    row.next_at = now + timedelta(seconds=wait)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal: the timestamp keeps old messages from being sent again."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _send(url: str, *, name: str, secret_name: str, after: int, page: queries.FeedPage, now: datetime) -> None:
    changes = [asdict(change) for change in page.changes]
    body = orjson.dumps({"subscriber": name, "after": after, "next": page.next, "changes": changes})
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"{name}:{after}:{page.next}",
        "Lightline-Timestamp": timestamp,
        "Lightline-Signature": "sha256=" + signature(outbound.token(secret_name), timestamp, body),
    }
    outbound.post(url, body, headers=headers)
