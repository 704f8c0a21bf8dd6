"""Key accounts (大客户): importance, account managers, visits, contracts, consent to planned outages, yearly report.

The customer itself stands in `app.customers`; what is special about a key account stands here.
What it costs and how it is judged is data: `bpmn/key_account_visit/` and `bpmn/outage_consent/`
hold the processes and the decision tables of importance, visits, alerts and advice.

Invariants: an account has at most one manager on a day; a customer's importance changes only by a
review that keeps its criteria; an outage asks an account once.
"""

from __future__ import annotations

from flask import Flask

from app.identity import moves
from app.keyaccounts import bindings, models, trail_titles, views

__all__ = ["bindings", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
    moves.follow(models.KeyAccount.unit_path)
    moves.follow(models.AccountVisit.unit_path)
    moves.follow(models.OutageConsent.unit_path)
