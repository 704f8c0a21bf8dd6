"""The names that key accounts offer to diagrams: importing this package registers them."""

from app.keyaccounts.bindings import consent, sweeps, visit

__all__ = ["consent", "sweeps", "visit"]
