"""The engine's figures: one completion as the engine does it and as a user causes it, against the stock round trip."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.engine import api as engine
from app.engine.definitions import specs
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import Instance
from app.engine.runtime.run.host import RunHost
from app.engine.runtime.state import dump, load
from app.engine.runtime.workflow import find, run_ready
from app.engine.scripting.engine import ScriptEngine
from app.kernel.actor import SYSTEM
from app.kernel.db import db, run, session
from tests.bench import stock
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell
from tests.bench.order import DATA, order, parallel_blocks


def measure() -> None:
    """Print every figure of the engine."""
    against = stock.round_trip()
    with house():
        files = {"order.bpmn": order(), "blocks.bpmn": parallel_blocks(10)}
        run(lambda: deploy(files, actor=SYSTEM, now=NOW))
        tell("engine.complete_task", seconds(_complete, _waiting_task) * 1e3, "ms", against=against * 1e3)
        tell("engine.statements", _statements(), "statements", against=12)
        tell("engine.round_trip", _round_trip() * 1e3, "ms", against=against * 1e3)
        tell("engine.parallel_blocks", _parallel_blocks(), "ms", against=5)


def _waiting_task() -> str:
    """A fresh instance at its two parallel tasks; the id of one of them."""

    def begin() -> str:
        instance = engine.start("order", data={}, actor=SYSTEM, now=NOW)
        review = engine.open_tasks(instance.id)[0]
        engine.complete(review.id, DATA, actor=SYSTEM, now=NOW)
        return next(task.id for task in engine.open_tasks(instance.id) if task.element_id == "pack")

    found = run(begin)
    session.remove()
    return found


def _complete(task_id: str) -> None:
    run(lambda: engine.complete(task_id, {}, actor=SYSTEM, now=NOW))


def _round_trip() -> float:
    """Read, restore, complete, run, save and write one instance's state: what the stock round trip does."""
    task_id = _waiting_task()
    query = sa.select(engine.Task.token, Instance.definition_id, Instance.state).join(
        Instance, Instance.id == engine.Task.instance_id
    )
    token, definition_id, state = session.execute(query.where(engine.Task.id == task_id)).one()
    session.remove()
    loaded = specs.load(definition_id)

    def step(state: bytes) -> bytes:
        script_engine = ScriptEngine(RunHost(NOW))
        workflow, envelope = load(
            state, spec=loaded.spec, subprocess_specs=loaded.subprocess_specs, engine=script_engine
        )
        task = find(workflow, token)
        assert task is not None
        task.run()
        while run_ready(workflow, lambda task: task.run()):
            pass
        return dump(workflow, envelope)

    return stock.in_one_row(state, step)


def _statements() -> int:
    """SQL statements of one completion, transaction words left out."""
    task_id = _waiting_task()
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "PRAGMA")):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        _complete(task_id)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(said)


def _parallel_blocks() -> float:
    """CPU milliseconds to start ten parallel blocks in sequence, commit included."""

    def begin(_: None) -> None:
        run(lambda: engine.start("blocks", data={}, actor=SYSTEM, now=NOW))

    return seconds(begin, lambda: None) * 1e3
