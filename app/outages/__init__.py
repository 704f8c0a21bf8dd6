"""Outage management (停电管理): from trouble calls to the located outage, its handling, notices and indices.

Every fault order, web report and meter signal becomes a trouble call; `location` (pure) says which device
explains the calls of a feeder, `operations` keep the outages equal to that, until a dispatcher confirms and
so locks a group. Invariants: a customer and a device are in at most one active outage (constraints of the
database); every open call is attached, or says why not; unlocked groups equal what `location` computes anew
from all calls.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.network import on_moved, on_structure, on_switch
from app.outages import (
    bindings,
    cli,
    customer_records,
    handling_retention,
    models,
    order_sections,
    retention,
    trail_titles,
    views,
)
from app.outages.indices import reckoning
from app.outages.operations import orders, reactions, relocating, switching
from app.workorders import hooks as order_hooks

__all__ = ["bindings", "customer_records", "init_app", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    order_hooks.follow(orders.follow)
    on_switch(switching.follow)
    on_moved(relocating.follow)
    on_structure(switching.structure_changed)
    reactions.follow()
    order_sections.register()
    trail_titles.register()
    retention.register()
    handling_retention.register()
    moves.follow(models.Outage.unit_path)
    moves.follow(models.TroubleCall.unit_path)
    moves.follow(models.ServedCount.unit_path)
    reckoning.follow()
    moves.follow(models.OutageNotice.unit_path)
    moves.follow(models.OutageStorm.unit_path)
    app.cli.add_command(cli.group)
