"""The names the grid offers to flows and reports, and its work of the clock: importing this package registers them."""

from app.network.bindings import lookups, sweeps

__all__ = ["lookups", "sweeps"]
