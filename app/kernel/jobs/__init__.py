"""The outbox: effects that must follow a commit are rows written in the transaction that causes them.

Invariants:
- A job's handler runs in the transaction that also marks its row `done`: a repeat does nothing.
- A row is worked on only under a lease; a runner that finds its row no longer its own does nothing.
- A job that fails waits longer each time and is `dead` in the end; it never blocks another.

`models` is the table, `queue` what operations write, `claims` who may work on what,
`runner` the work itself, `cli` the commands. A claim is two words (job id, owner), so
that it can be handed to a worker on another machine as it is.

Without a broker the clock runs jobs on its own threads (`pool`): nothing else to install.
With one it hands claims out (`dispatcher`, `handout`) to Celery workers on any machine
(`broker`, `keeper`). Celery brings the worker process, its shut-down, its way back to a
Redis that was away, and tools that operators know; nothing that matters is left to it.
The database decides what is due and whose it is, so that the broker may lose, repeat or
delay whatever it likes, and needs neither results, schedules nor persistence.
"""

from __future__ import annotations

from app.kernel.jobs.queue import (
    JobNotFound,
    JobNotRetryable,
    JobView,
    count_by_state,
    enqueue,
    enqueue_many,
    get_job,
    list_jobs,
    retry,
)
from app.kernel.jobs.runner import run_due

__all__ = [
    "JobNotFound",
    "JobNotRetryable",
    "JobView",
    "count_by_state",
    "enqueue",
    "enqueue_many",
    "get_job",
    "list_jobs",
    "retry",
    "run_due",
]
