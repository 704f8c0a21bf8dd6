"""Key accounts (大客户): importance, account managers, visits, contracts, consent to planned outages, yearly report.

The customer itself stands in `app.customers`; what is special about a key account stands here.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
