"""What pages, API and other packages ask about orders. Reads only; scope to the organisation tree is checked here."""

from app.workorders.queries.codes import codes
from app.workorders.queries.crews import crew_view, crews_under
from app.workorders.queries.details import OrderDetails, order_view
from app.workorders.queries.duplicates import Duplicate, possible_duplicates
from app.workorders.queries.limits import limits_of
from app.workorders.queries.listing import Filters, list_orders
from app.workorders.queries.orders import OrderView

__all__ = [
    "Duplicate",
    "Filters",
    "OrderDetails",
    "OrderView",
    "codes",
    "crew_view",
    "crews_under",
    "limits_of",
    "list_orders",
    "order_view",
    "possible_duplicates",
]
