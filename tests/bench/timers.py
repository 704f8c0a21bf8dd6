"""A storm of due timers, drained by two processes: how many a second, and none taken twice.

One case that waits for its timer is made by the engine; the others are copies of its rows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import ActivityHistory, Instance, Timer
from app.kernel.actor import SYSTEM
from app.kernel.db import db, new_id, run, session, table
from tests.bench.house import NOW, house, opened
from tests.bench.measure import tell
from tests.conftest import POSTGRES
from tests.engine.diagrams import catch, chain, diagram, end, start, timer

WORKERS = 2
LATER = NOW + timedelta(hours=1)

WAITING = diagram(start(), catch("wait", timer("PT1H")), end(), chain("s", "wait", "e"), key="waiting")


def measure(count: int) -> None:
    """Print timers fired a second on SQLite, and on PostgreSQL where `LIGHTLINE_TEST_POSTGRES` names a server."""
    for kind in ("sqlite", "postgresql") if POSTGRES else ("sqlite",):
        tell(f"timers.drain.{kind}", storm(count, kind), "timers/s")


def storm(count: int, kind: str) -> float:
    """Let two workers drain so many due timers of one database; returns timers a second, their start included.

    Raises `AssertionError` where one fired twice or not at all.
    """
    with house(kind):
        run(lambda: deploy({"waiting.bpmn": WAITING}, actor=SYSTEM, now=NOW))
        original = run(lambda: engine.start("waiting", data={}, actor=SYSTEM, now=NOW).id)
        run(lambda: _copy(original, count - 1))
        session.remove()
        url = db.engine.url.render_as_string(hide_password=False)
        began = time.perf_counter()
        workers = [subprocess.Popen([sys.executable, "-m", "tests.bench.timers", url]) for _ in range(WORKERS)]
        assert [worker.wait() for worker in workers] == [0] * WORKERS
        taken = time.perf_counter() - began
        _check(count)
    return count / taken


def _copy(original: str, count: int) -> None:
    ids = [new_id() for _ in range(count)]
    for model, key in ((Instance, "id"), (Timer, "instance_id")):
        rows = table(model)
        row: Any = session.execute(sa.select(rows).where(rows.c[key] == original)).one()
        for some in range(0, count, 5000):
            copies = [dict(row._mapping) | {"id": new_id(), key: one} for one in ids[some : some + 5000]]
            session.execute(sa.insert(rows), copies)


def _check(count: int) -> None:
    """Each case has ended, and has passed its timer once."""
    session.rollback()
    passed = sa.select(sa.func.count(), sa.func.count(ActivityHistory.instance_id.distinct()))
    fired, cases = session.execute(passed.where(ActivityHistory.element_id == "wait")).one()
    ended = session.scalar(sa.select(sa.func.count()).where(Instance.status == "completed"))
    if not fired == cases == ended == count:
        raise AssertionError(f"{count} timers: fired {fired} times in {cases} cases, of which {ended} have ended")


def drain(url: str) -> None:
    """One worker: fire what is due in the database of this address until nothing is left."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), url):
        while session.scalar(sa.select(Timer.id).limit(1)) is not None:
            engine.fire_timers(LATER, limit=200)


if __name__ == "__main__":
    drain(sys.argv[1])
