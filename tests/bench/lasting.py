"""Cases that last: the three-hundredth round of a loop against its first, and how large an order's state gets."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import Instance
from app.engine.runtime.run import command
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import run, session
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell
from tests.engine.diagrams import chain, diagram, end, flow, gateway, script, start, user
from tests.identity.factories import sync_standard
from tests.workorders.house import House, build

ROUNDS = 300
BUDGET = 8192

LOOP = diagram(
    start(),
    gateway("again"),
    user("work"),
    script("count", "n = n + 1"),
    gateway("more", default="f_more_e"),
    end(),
    chain("s", "again", "work", "count", "more", "e"),
    flow("more", "again", "n < 1000000"),
    key="loop",
)


def measure() -> None:
    """Print the figures of long cases."""
    with house():
        run(lambda: deploy({"loop.bpmn": LOOP}, actor=SYSTEM, now=NOW))
        lasting = _started()
        for _ in range(ROUNDS):
            _complete(_open(lasting))
        first = seconds(_complete, lambda: _open(_started()), batches=5)
        late = seconds(_complete, lambda: _open(lasting), batches=5)
        tell("engine.loop_300", late * 1e3, "ms", against=first * 1e3)
        fresh = _started()
        first, late = (seconds(_restore, _rows(one), batches=5) for one in (fresh, lasting))
        tell("engine.loop_300_restore", late * 1e3, "ms", against=first * 1e3)
    with house():
        tell("engine.state_bytes", _largest_order(), "bytes", against=BUDGET)


def _started() -> str:
    return run(lambda: engine.start("loop", data={"n": 0}, actor=SYSTEM, now=NOW).id)


def _open(instance_id: str) -> str:
    found = engine.open_tasks(instance_id)[0].id
    session.remove()
    return found


def _complete(task_id: str) -> None:
    run(lambda: engine.complete(task_id, {}, actor=SYSTEM, now=NOW))


def _rows(instance_id: str) -> Callable[[], Instance]:
    def read() -> Instance:
        session.remove()
        row = command.find_instance(instance_id)
        assert row.state
        return row

    return read


def _restore(instance: Instance) -> None:
    command.restore(instance, actor=SYSTEM, now=NOW)


def _largest_order() -> int:
    """Bytes of the largest state that any case has while an order goes from its report to its callback."""
    sizes: list[int] = []
    sync_standard()
    place = build(FrozenClock(NOW))
    with engine.subscribed("task.created", lambda _view, *, actor, now: sizes.append(_largest())):
        number = place.accept().number
        _drive(place, number)
    return max([*sizes, _largest()])


def _drive(place: House, number: str) -> None:
    place.to_callback(number)
    place.complete(number, "call", "callback", callback_result="restored", satisfaction="satisfied")


def _largest() -> int:
    return int(session.scalar(sa.select(sa.func.max(sa.func.length(Instance.state)))) or 0)
