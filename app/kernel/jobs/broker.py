"""Celery on Redis: how claims reach workers on other machines. What a job is and who has it stays in the database.

The broker is trusted with nothing: messages are (job id, owner), and one that is lost,
late or doubled changes nothing (`handout`). Acknowledged late, so that a worker that dies
leaves its messages to others; those find that the job's lease has not run out, or is no
longer the queue's, and do nothing. The clock hands the job out anew when it has.
"""

from __future__ import annotations

from typing import Any

from celery import Celery, Task, signals
from flask import Flask

from app.kernel import clock, db
from app.kernel.jobs.claims import LEASE, Claim
from app.kernel.jobs.handout import adopt
from app.kernel.jobs.keeper import keeper
from app.kernel.jobs.runner import execute

CELERY = "lightline.celery"
QUEUE = "lightline.jobs"
TASK = "lightline.job"


def init_app(app: Flask, url: str) -> None:
    """Give the application a Celery application under `extensions["lightline.celery"]`."""
    app.extensions[CELERY] = _make_celery(app, url)
    signals.setup_logging.connect(_leave_logging_alone)
    signals.worker_process_init.connect(_Forget(app), weak=False)


def send(celery: Celery, claims: list[Claim]) -> None:
    """Put a message for each claim into the queue; raises what kombu and redis raise where the broker is away."""
    task: Task = celery.tasks[TASK]
    with celery.producer_or_acquire() as producer:
        for held in claims:
            task.apply_async((held.job_id, held.owner), producer=producer, retry=False)


def waiting(celery: Celery) -> int:
    """How many messages no worker has taken yet."""
    with celery.connection_or_acquire() as connection:
        return int(connection.default_channel.client.llen(QUEUE))


def work(app: Flask, held: Claim) -> bool:
    """Adopt the claim of a message and run its job; False where it failed or is no longer the queue's."""
    with app.app_context(), keeper(app).at_work() as owner:
        mine = adopt(held, owner=owner, now=clock.now())
        return mine is not None and execute(mine, clock.now())


def run_worker(app: Flask, *, threads: int, name: str | None = None) -> None:
    """Work off messages on `threads` threads until SIGTERM or SIGINT; those at work come to their end."""
    argv = ["--quiet", "worker", "--pool=threads", f"--concurrency={threads}", "--without-gossip", "--without-mingle"]
    app.extensions[CELERY].worker_main([*argv, f"--hostname={name or 'lightline'}@%h"])


def _make_celery(app: Flask, url: str) -> Celery:
    celery = Celery("lightline", broker=url, set_as_current=False)
    celery.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # Longer than a lease: a dead worker's job is handed out anew by the clock long before, and the
        # message that returns then is an empty one.
        broker_transport_options={
            "visibility_timeout": int(LEASE.total_seconds()) * 10,
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
    )

    @celery.task(name=TASK, shared=False)  # type: ignore[untyped-decorator]
    def job(job_id: str, owner: str) -> None:
        work(app, Claim(job_id, owner))

    celery.finalize()
    return celery


def _leave_logging_alone(**_: Any) -> None:
    """A receiver of this signal keeps Celery from setting up logs of its own: ours are JSON lines."""


class _Forget:
    """A forked worker child must not use its parent's database connections."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, **_: Any) -> None:
        with self._app.app_context():
            db.db.engine.dispose(close=False)
