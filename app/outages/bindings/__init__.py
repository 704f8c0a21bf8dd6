"""The names that outages offer to diagrams, flows and the clock: importing this package registers them."""

from app.outages.bindings import indices, jobs, lookups

__all__ = ["indices", "jobs", "lookups"]
