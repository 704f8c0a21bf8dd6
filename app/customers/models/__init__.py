"""Rows of customers' master data. Values come from the marketing system or from people with the right to edit.

Amounts are `Numeric`, days are local dates, instants UTC. Periods of validity are half-open.
Codes (kinds, categories, voltages …) are words of `customer_code`, kept by `flask customers sync`.
"""

from app.customers.models.caller_checks import CallerCheck
from app.customers.models.changes import CustomerChange
from app.customers.models.codes import CustomerCode
from app.customers.models.contacts import Contact
from app.customers.models.customer import Customer, Premises
from app.customers.models.meters import Meter, Reading, ReadingSegment
from app.customers.models.service import CustomerNote, CustomerSetting

__all__ = [
    "CallerCheck",
    "Contact",
    "Customer",
    "CustomerChange",
    "CustomerCode",
    "CustomerNote",
    "CustomerSetting",
    "Meter",
    "Premises",
    "Reading",
    "ReadingSegment",
]
