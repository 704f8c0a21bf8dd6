"""Supervision by business departments (业务监管): a line of business, live; 督办, taking over, alerts, sheets.

A department sees the orders of its lines of business (`standard.yaml`) from roll-ups kept as orders
move: every change of an order leaves a mark in its own transaction, a sweep folds marks into one
fact an order and the counts of all facts. Invariants: counts equal the sum of facts, whoever folds
and however often; a fact names no person; whatever shows an order passes `workorders.queries.scope`.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.supervision import bindings, cli, models, sections, trail_titles, views
from app.supervision.operations import marking

__all__ = ["bindings", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    sections.register()
    trail_titles.register()
    marking.follow()
    app.cli.add_command(cli.group)
    moves.follow(models.SupervisionOrder.unit_path)
    moves.follow(models.SupervisionAlert.unit_path)
