"""On the customer's page: that they are a key account, who looks after them, what they fall back on."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.customers.panels import Panel, panel
from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel.i18n import localized
from app.keyaccounts import labels
from app.keyaccounts.days import day_of
from app.keyaccounts.queries.accounts import VIEW, account_of_customer, supplies_of
from app.keyaccounts.views import words


@panel("key_account", tab="overview")
def key_account_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001
    """Shown to all who see the customer; the account's own page needs its right."""
    found = account_of_customer(customer_id, on=day_of(now))
    if found is None or not found.active:
        return None
    manager = people.user_view(found.manager) if found.manager else None
    context = {
        "a": found,
        "manager": localized(manager.name, manager.name_en) if manager else "",
        "phone": manager.phone if manager else "",
        "supplies": supplies_of(found.id),
        "may_open": authority.may(current_actor(), VIEW, unit_path=found.unit_path, now=now),
        "labels": labels,
        "words": words,
    }
    return Panel(_("Key account"), "keyaccounts/customer_panel.html", context, order=5)
