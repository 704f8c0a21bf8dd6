"""The names that billing offers to jobs and diagrams: importing this package registers them."""

from app.billing.bindings import cut_off, jobs

__all__ = ["cut_off", "jobs"]
