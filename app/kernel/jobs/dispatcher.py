"""The clock's part where a broker is set: due jobs go to the queue instead of threads of its own."""

from __future__ import annotations

from datetime import datetime

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from app.kernel.jobs import broker, handout

log = structlog.get_logger(__name__)

QUEUE_LENGTH = 1000
"""Messages that may wait. More wait as rows: a queue without workers must not fill the broker, and
what waits there longer than a lease is handed out twice (once for nothing)."""


class Dispatcher:
    """Hands claims to the workers. A broker that is away costs a log line; its jobs are taken back."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._away = False

    def fill(self, now: datetime, limit: int = QUEUE_LENGTH) -> int:
        """Hand out up to `limit` due jobs as long as the queue is short; how many were sent. Called by the clock."""
        owner = handout.queue_owner()
        try:
            free = min(QUEUE_LENGTH - broker.waiting(self._celery), limit)
            claims = handout.hand_out(now, limit=free, owner=owner) if free > 0 else []
            broker.send(self._celery, claims)
        except (OperationalError, RedisError, OSError) as exc:
            self._note_loss(exc)
            handout.take_back(owner)
            return 0
        self._note_return()
        return len(claims)

    def keep(self, _now: datetime) -> None:
        """Nothing to keep alive: workers renew what they work on."""

    def close(self) -> None:
        """Nothing runs here; what was sent is the workers'."""
        self._celery.close()

    def _note_loss(self, exc: Exception) -> None:
        """One line when it goes away, not one a second."""
        if not self._away:
            self._away = True
            log.error("the broker is away, jobs wait", error=repr(exc))

    def _note_return(self) -> None:
        if self._away:
            self._away = False
            log.info("the broker is back")
