"""What the audit trail calls looks at customers and what is done on their page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

from app.identity import trail_titles


def register() -> None:
    """Name the acts of the customer's page."""
    trail_titles.define(
        actions={
            "customer.closed": _l("Account closed by hand"),
            "customers.codes_synced": _l("Customers' code lists updated"),
            "customer.identified": _l("Caller identified"),
            "customer.not_identified": _l("Caller not identified"),
            "customer.password_set": _l("Query password set"),
            "customer.looked": _l("Looked at a customer"),
            "customer.noted": _l("Noted something about a customer"),
            "customer.revealed": _l("Revealed a masked value"),
            "customer.settings_saved": _l("Personal settings saved"),
        },
        details={"call": _t("trail", "call"), "method": _t("trail", "method"), "outcome": _t("trail", "outcome")},
        subjects={"customer": _l("Customer"), "customer_code": _l("Customers' code lists")},
    )
