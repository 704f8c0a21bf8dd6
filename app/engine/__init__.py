"""SpiffWorkflow, and the only place that imports it; api.py is its face.

Invariants: diagrams are immutable once deployed and an instance pins one; its state changes
only by commands, each in its caller's transaction; what it waits for stands in rows.
"""

from __future__ import annotations

from flask import Flask

from app.engine import api  # noqa: F401 (registers jobs and sweeps)
from app.engine.decisions.cli import dmn
from app.engine.definitions.cli import definitions
from app.engine.migration.cli import migrate_command
from app.engine.retention import kinds as retention
from app.engine.runtime import metrics, service_jobs  # noqa: F401 (register themselves)
from app.engine.runtime.models import ActivityHistory, Incident, Instance, Task
from app.engine.scenarios.cli import test_command
from app.engine.statistics import folding  # noqa: F401 (registers its sweep)
from app.engine.statistics.cli import rebuild_command
from app.engine.statistics.models import ElementDay, ElementSpan, ElementTally
from app.identity import moves
from app.kernel.retention.cli import history


def init_app(app: Flask) -> None:
    """Add this package's commands to the application."""
    app.cli.add_command(dmn)
    definitions.add_command(test_command)
    definitions.add_command(migrate_command)
    app.cli.add_command(definitions)
    history.add_command(rebuild_command)
    retention.register()
    for model in (Instance, Task, Incident, ActivityHistory, ElementTally, ElementDay, ElementSpan):
        moves.follow(model.unit_path)
