"""The names that customers offer to IVR flows and reports: importing this package registers them."""

from app.customers.bindings import accounts, identification

__all__ = ["accounts", "identification"]
