"""The names that supervision offers to diagrams, and its work of the clock: importing this package registers them."""

from app.supervision.bindings import steps, sweeps

__all__ = ["steps", "sweeps"]
