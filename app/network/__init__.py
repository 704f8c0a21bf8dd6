"""The grid model (电网模型): substation, busbar, feeder, switches, transformers (台区), down to the customer.

The rows stand in the database, valid in half-open periods of days; `grid.current(now)` is what is in force, in
memory, with the present states of switches. Invariants: every process that has read the same version gives the same
answers; a version is never changed but followed by another; states of switches change by `operations.switch` alone.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.network import bindings, boxes, cli, grid, marking, models, operations, queries, trail_titles, versions, views
from app.network.listeners import on_moved, on_structure, on_switch

__all__ = ["bindings", "grid", "init_app", "models", "on_moved", "on_structure", "on_switch", "operations", "queries"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    marking.follow()
    boxes.follow()
    app.cli.add_command(cli.network_cli)
    for model in (
        models.Substation,
        models.GridNode,
        models.GridBranch,
        models.GridSwitch,
        models.Feeder,
        models.LvBranch,
        models.MeterBox,
        models.Switching,
    ):
        moves.follow(model.unit_path)
    moves.on_move(versions.new_structure)
