"""What billing can tell: bills, arrears, tariffs, runs. Reads only."""

from app.billing.queries.arrears import Arrears, arrears_of, debtors
from app.billing.queries.bills import BillRow, BillView, bill_view, bills_of

__all__ = ["Arrears", "BillRow", "BillView", "arrears_of", "bill_view", "bills_of", "debtors"]
