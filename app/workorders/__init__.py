"""Work orders (工单): intake, repair dispatch, callbacks, limits.

An order is a row and a running process: operations write rows and start or tell the
process, the diagrams in `bpmn/` decide what comes next and call the steps that
`bindings` offers. Invariants: an order's timestamps rise; what was decided, by whom and
when is never overwritten; limits come from decision tables.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.workorders import bindings, customer_records, demo, models, retention, trail_titles, views
from app.workorders.operations import vacant

__all__ = ["bindings", "customer_records", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    retention.register()
    vacant.follow_tasks()
    app.cli.add_command(demo.orders)
    moves.follow(models.WorkOrder.unit_path)
    moves.follow(models.WorkOrder.against_path)
    moves.follow(models.Crew.unit_path)
