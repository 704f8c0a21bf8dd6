"""What the same work costs on stock SpiffWorkflow: its own JSON of the whole workflow, in one row of SQLite."""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG

from tests.bench.measure import seconds
from tests.bench.order import DATA, order


def round_trip() -> float:
    """CPU seconds of the stock round trip."""
    for name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
        logging.getLogger(name).setLevel(logging.WARNING)
    parser = SpiffBpmnParser()
    parser.add_bpmn_str(order(quoted=True))
    workflow = BpmnWorkflow(parser.get_spec("order"), parser.get_subprocess_specs("order"))
    workflow.do_engine_steps()
    _complete(workflow, "review", DATA)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    return in_one_row(serializer.serialize_json(workflow), lambda state: _step(serializer, state))


def in_one_row(state: Any, step: Callable[[Any], Any]) -> float:
    """CPU seconds to read the state from a row of SQLite, do `step` to it and write it with compare-and-swap."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "stock.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, revision INTEGER, state BLOB)")
        taken = seconds(_trip(database, step), _reset(database, state))
        database.close()
    return taken


def _step(serializer: Any, state: str) -> str:
    workflow = serializer.deserialize_json(state)
    _complete(workflow, "pack", {})
    return str(serializer.serialize_json(workflow))


def _reset(database: sqlite3.Connection, state: Any) -> Callable[[], None]:
    return lambda: void(database.execute("REPLACE INTO instance VALUES (1, 1, ?)", (state,)))


def void(_result: object) -> None:
    """Nothing, whatever was done."""


def _trip(database: sqlite3.Connection, step: Callable[[Any], Any]) -> Callable[[None], None]:
    def trip(_: None) -> None:
        database.execute("BEGIN IMMEDIATE")
        revision, state = database.execute("SELECT revision, state FROM instance WHERE id = 1").fetchone()
        changed = database.execute(
            "UPDATE instance SET revision = revision + 1, state = ? WHERE id = 1 AND revision = ?",
            (step(state), revision),
        ).rowcount
        database.execute("COMMIT")
        assert changed == 1

    return trip


def _complete(workflow: Any, name: str, data: dict[str, Any]) -> None:
    task = next(t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.name == name)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()
