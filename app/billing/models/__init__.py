"""Rows of billing. Nothing here computes: amounts come from `billing.computing` and rules that are data.

Money is yuan in `Numeric(14, 2)`, energy kWh in `Numeric(14, 3)`; periods of days and of validity are
half-open. A bill that was issued is never changed but for what was paid on it: mistakes are put right by
a credit note and a new bill.
"""

from app.billing.models.bill import OWED, Bill
from app.billing.models.cut_off import OPEN_NOTICE, CutOffNotice
from app.billing.models.payment import Payment, PaymentShare
from app.billing.models.promise import PaymentPromise
from app.billing.models.run import BillingException, BillingRun
from app.billing.models.tariff import BillingRule, BillingTerms, Tariff

__all__ = [
    "OPEN_NOTICE",
    "OWED",
    "Bill",
    "BillingException",
    "BillingRule",
    "BillingRun",
    "BillingTerms",
    "CutOffNotice",
    "Payment",
    "PaymentPromise",
    "PaymentShare",
    "Tariff",
]
