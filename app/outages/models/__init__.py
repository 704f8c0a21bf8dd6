"""Rows of outages. Rules live in decision tables, steps in operations; nothing here decides.

Instants are UTC. Two constraints of the database hold what may never break: a customer, and a device, is in
at most one active outage (partial unique indexes on `outage_customer` and `outage_device`).
"""

from app.outages.models.history import OutageEtr, OutageEvent, OutageStep
from app.outages.models.members import OutageCustomer, OutageDevice
from app.outages.models.notices import OutageNotice, OutageRecipient, OutageTold
from app.outages.models.outage import ACTIVE, OUT, OVER, PREDICTION, Outage
from app.outages.models.plans import OutageCut, OutagePlan, OutageSwitching
from app.outages.models.reliability import OutageInterruption, ServedCount
from app.outages.models.signals import MeterSignal
from app.outages.models.storms import OutageStorm
from app.outages.models.trouble import TroubleCall
from app.outages.models.verification import OutageVerification

__all__ = [
    "ACTIVE",
    "OUT",
    "OVER",
    "PREDICTION",
    "MeterSignal",
    "Outage",
    "OutageCustomer",
    "OutageCut",
    "OutageDevice",
    "OutageEtr",
    "OutageEvent",
    "OutageInterruption",
    "OutageNotice",
    "OutagePlan",
    "OutageRecipient",
    "OutageStep",
    "OutageStorm",
    "OutageSwitching",
    "OutageTold",
    "OutageVerification",
    "ServedCount",
    "TroubleCall",
]
