"""Pages of work orders: list, one order with what may be done to it, crews."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.web import navigation
from app.web.application import owns_transaction
from app.workorders.views import (
    actions,
    counts,
    crews,
    customer_panel,
    intake,
    lists,
    order,
    panels,
    roster,
    sheet,
    tracking,
    vehicles,
    voice,
)
from app.workorders.views.blueprint import blueprint

__all__ = [
    "actions",
    "counts",
    "crews",
    "customer_panel",
    "intake",
    "lists",
    "order",
    "panels",
    "roster",
    "sheet",
    "tracking",
    "vehicles",
    "voice",
]


def init_app(app: Flask) -> None:
    """Add the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    voice.register()
    owns_transaction(app, "workorders.kind_of_order")
    owns_transaction(app, "workorders.look")  # asked while somebody types: a reader, which locks nothing
    navigation.add("workorders.new_order", _l("New order"), "phone", ("order.create",), "service", 5)
    navigation.add("workorders.orders", _l("Work orders"), "file-text", ("order.read",), "service", 10)
    navigation.add(
        "workorders.order_counts",
        _l("Orders under way"),
        "chart-bar",
        ("order.supervise", "task.read"),
        "service",
        12,
    )
    navigation.add("workorders.callbacks", _l("Callbacks"), "phone", ("order.callback",), "service", 15)
    navigation.add("workorders.crews", _l("Crews"), "users", ("order.read",), "service", 30)
