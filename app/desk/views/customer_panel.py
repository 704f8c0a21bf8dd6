"""Calls and messages on the customer's page: the newest first."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.customers.models import Customer
from app.customers.page_labels import CHANNEL
from app.customers.panels import Panel, panel
from app.desk.queries.customer_talks import talks_of
from app.desk.views.today import RESULT
from app.identity.session import current_actor
from app.kernel.db import session
from app.workorders.queries.codes import all_names

DELIVERED = {
    "queued": _l("Being sent"),
    "handed": _l("On its way"),
    "sent": _l("Sent"),
    "failed": _l("Not delivered"),
}
COLOUR = {"sent": "green", "failed": "red", "order": "green", "solved": "green", "": "blue"}


@panel("talks", tab="contacts")
def talks_panel(customer_id: int, *, user_id: int, now: datetime) -> Panel | None:  # noqa: ARG001 - the registry's face
    """What was said and sent; a customer nobody spoke to yet gets a sentence."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        return None
    context = {
        "talks": talks_of(customer, actor=current_actor(), now=now),
        "names": all_names(),
        "channels": CHANNEL,
        "results": RESULT | DELIVERED,
        "colour": COLOUR,
    }
    return Panel(_("Calls and messages"), "desk/_customer_talks.html", context, order=40, tab="contacts")
