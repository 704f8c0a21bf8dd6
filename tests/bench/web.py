"""The memory of web processes under gunicorn: how much it grows over some thousand requests, after a warm-up."""

from __future__ import annotations

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.identity import operations as identity
from app.kernel.db import db, run, session
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.faults.system import System
from tests.identity.factories import actor_of, make_unit, make_user, sync_standard
from tests.inbox.factories import make_task

WARM = 1000
"""Requests until caches are full: templates, compiled statements, each thread's connections."""

STEPS = 10
"""How often the memory is read on the way."""

AT_ONCE = 8
TASKS = 60
BUDGET = 1000.0
"""Kilobytes a thousand requests: a process is replaced after 20,000 (gunicorn.conf.py), twenty megabytes later."""


def measure(requests: int) -> None:
    """Print the slope of the resident memory of the web's worker, in KB a thousand requests, and where it ends."""
    with house() as app:
        token = _reader()
        session.remove()
        system = System(str(db.engine.url), Path(app.extensions["lightline.settings"].instance))
        system.environment["LIGHTLINE_LOG_LEVEL"] = "ERROR"
        try:
            system.start("web")
            system.wait_ready()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                _ask(pool, system.url, token, WARM)
                seen = [(0, _resident(system.pid("web")))]
                for step in range(1, STEPS + 1):
                    _ask(pool, system.url, token, requests // STEPS)
                    seen.append((step * (requests // STEPS), _resident(system.pid("web"))))
        finally:
            system.stop()
    tell("web.memory", seen[-1][1] / 1024, "MB", against=seen[0][1] / 1024)
    tell("web.memory_slope", _slope(seen) * 1000, "KB/1000 requests", against=BUDGET)


def _reader() -> str:
    """Somebody with a page of tasks; a token of theirs."""
    sync_standard()
    unit = make_unit("ST")
    user = make_user("reader", posts=[("dispatcher", unit)])
    for _ in range(TASKS):
        make_task(NOW, unit=unit, groups=["dispatcher@ST"])
    until = NOW.replace(year=NOW.year + 1)
    scopes = ["task.work"]
    _id, secret = run(
        lambda: identity.issue_token(
            user.id, name="bench", scopes=scopes, expires_at=until, actor=actor_of(user), now=NOW
        )
    )
    return secret


def _ask(pool: ThreadPoolExecutor, url: str, token: str, requests: int) -> None:
    """Turn by turn a list through the API and a page."""
    calls: list[tuple[str, dict[str, str]]] = [
        ("/api/v1/tasks?scope=groups", {"Authorization": f"Bearer {token}"}),
        ("/sign-in", {}),
    ]

    def one(n: int) -> None:
        path, headers = calls[n % len(calls)]
        call = urllib.request.Request(url + path, headers=headers)
        with urllib.request.urlopen(call, timeout=60) as answer:
            assert answer.status == 200
            answer.read()

    list(pool.map(one, range(requests)))


def _resident(master: int) -> float:
    """Kilobytes of all workers of this gunicorn."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    return sum(_kilobytes(int(child)) for child in children)


def _kilobytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1])
    raise ValueError(f"process {pid} tells no resident size")


def _slope(seen: list[tuple[int, float]]) -> float:
    """The least-squares line through the readings: kilobytes a request."""
    middle_x = sum(x for x, _ in seen) / len(seen)
    middle_y = sum(y for _, y in seen) / len(seen)
    above = sum((x - middle_x) * (y - middle_y) for x, y in seen)
    return above / sum((x - middle_x) ** 2 for x, _ in seen)
