"""The names that billing offers to jobs, diagrams, IVR flows and reports: importing this package registers them."""

from app.billing.bindings import cut_off, jobs, questions

__all__ = ["cut_off", "jobs", "questions"]
