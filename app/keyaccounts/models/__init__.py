"""Rows of key accounts. Days are local dates, instants UTC, capacities kVA, loads kW."""

from app.keyaccounts.models.account import AccountManager, BackupSupply, ImportanceReview, KeyAccount
from app.keyaccounts.models.consent import OutageConsent
from app.keyaccounts.models.visit import OVER, AccountVisit, VisitHazard

__all__ = [
    "OVER",
    "AccountManager",
    "AccountVisit",
    "BackupSupply",
    "ImportanceReview",
    "KeyAccount",
    "OutageConsent",
    "VisitHazard",
]
