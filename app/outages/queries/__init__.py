"""What is asked about outages: reads only, plain values."""

from app.outages.queries.affected import Affected, of_customer
from app.outages.queries.view import OutageView, outage_view, view_of

__all__ = ["Affected", "OutageView", "of_customer", "outage_view", "view_of"]
