"""The agents' desk (坐席工作台): one page to take any request while talking.

It stands above customers, billing, work orders and the answers library and owns none of
their data: only conversations, reply templates and what an agent has typed so far. The phone above it
(`templates/desk/_phone.html`, `web/frontend/src/phone/`) tells it of calls by `/desk/call`.
"""

from __future__ import annotations

from flask import Flask

from app.desk import cli, models, trail_titles, views
from app.desk.queries import outages
from app.identity import moves

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    outages.register()
    app.cli.add_command(cli.group)
    moves.follow(models.Conversation.unit_path)
    moves.follow(models.ReplyTemplate.unit_path)
