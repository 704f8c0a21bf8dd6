"""Tariffs, bills, payments, arrears and late fees: what a customer owes and why.

A bill is computed by a pure function from readings and a tariff that is data; each step of the
computation is kept as a line that a person can read. No price, tier or rate stands in code.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
