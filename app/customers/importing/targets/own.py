"""The targets of this package."""

from __future__ import annotations

from app.customers.importing.targets import base, contacts, customers, meters, readings


def register_own() -> None:
    """Register customers, contacts, meters and readings."""
    for target in (customers.TARGET, contacts.TARGET, meters.TARGET, readings.TARGET):
        base.register(target)
