"""The names that outages offer to diagrams, flows and the clock: importing this package registers them."""

from app.outages.bindings import announcements, indices, jobs, lookups, notice, planned, storm, unplanned

__all__ = ["announcements", "indices", "jobs", "lookups", "notice", "planned", "storm", "unplanned"]
