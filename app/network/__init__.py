"""The grid model (电网模型): substation, busbar, feeder, switches, transformers (台区), down to the customer."""

from __future__ import annotations

from flask import Flask

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
