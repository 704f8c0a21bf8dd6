"""Redis for tests: a database of it for each test process, an application that uses it, a worker in this thread.

`LIGHTLINE_TEST_REDIS` names the server (`redis://127.0.0.1:6379`); without it these tests are skipped.
"""

from __future__ import annotations

import os
from datetime import datetime
from queue import Empty
from typing import Any

import pytest
import redis
from celery import Celery
from flask import Flask
from kombu.simple import SimpleQueue

from app.kernel import jobs
from app.kernel.jobs import broker
from app.kernel.jobs.dispatcher import Dispatcher

REDIS = os.environ.get("LIGHTLINE_TEST_REDIS", "")


NEEDED = pytest.mark.skipif(not REDIS, reason="LIGHTLINE_TEST_REDIS names no server")
WAYS: list[Any] = ["here", pytest.param("celery", marks=NEEDED)]
"""How jobs run: in the test's own thread, or each handed to the queue, taken out of it and run as a worker does."""


def go(way: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `jobs.run_due` of this test go that way."""
    if way == "celery":
        celery = join_broker(app, fresh_redis())
        monkeypatch.setattr(jobs, "run_due", lambda now, limit=100: run_due_through(celery, now, limit))


def fresh_redis() -> str:
    """The URL of this test process's database of the server, emptied."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    url = f"{REDIS.rstrip('/')}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def join_broker(app: Flask, url: str) -> Celery:
    """Set the broker of a running application."""
    broker.init_app(app, url)
    celery: Celery = app.extensions[broker.CELERY]
    return celery


def take(celery: Celery, limit: int) -> list[tuple[str, str]]:
    """Up to `limit` messages out of the queue, acknowledged."""
    found: list[tuple[str, str]] = []
    with celery.connection_for_read() as connection, SimpleQueue(connection, broker.QUEUE) as queue:
        while len(found) < limit:
            try:
                message = queue.get(block=False)
            except Empty:
                break
            message.ack()
            [job_id, owner] = message.payload[0]
            found.append((job_id, owner))
    return found


def run_due_through(celery: Celery, now: datetime, limit: int) -> int:
    """As `jobs.run_due`, each job handed to the queue, taken out of it and run as a worker does."""
    started = 0
    while started < limit and (sent := Dispatcher(celery).fill(now, limit=1)):
        for message in take(celery, sent):
            celery.tasks[broker.TASK](*message)
            started += 1
    return started
