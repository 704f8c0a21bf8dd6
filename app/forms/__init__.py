"""form-js files: load, render, validate; uploads and drafts."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
