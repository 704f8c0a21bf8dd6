"""The answers library (标准答案库): categories, articles with versions, questions, search and use.

What agents answer from. It knows no customer and no work order.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.knowledge import bindings, cli, models, trail_titles, views

__all__ = ["bindings", "init_app", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    app.cli.add_command(cli.group)
    moves.follow(models.Article.scope_path)
    moves.follow(models.ArticleFeedback.unit_path)
    moves.follow(models.ArticleUse.unit_path)
