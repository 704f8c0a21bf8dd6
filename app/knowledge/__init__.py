"""The answers library (标准答案库): categories, articles with versions, questions, search and use.

What agents answer from. It knows no customer and no work order.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
