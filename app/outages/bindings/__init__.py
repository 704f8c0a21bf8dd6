"""The names that outages offer to diagrams, flows and the clock: importing this package registers them."""

from app.outages.bindings import jobs, lookups

__all__ = ["jobs", "lookups"]
