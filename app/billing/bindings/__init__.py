"""The names that billing offers to jobs and diagrams: importing this package registers them."""

from app.billing.bindings import jobs

__all__ = ["jobs"]
