"""What billing writes: tariffs, bills, payments, runs, cutting off. Operations never commit."""

from app.billing.operations.correcting import Corrected, NothingToCorrect, correct_bill, preview_correction
from app.billing.operations.ending import MeterStands, issue_final_bill
from app.billing.operations.issuing import BillInUse, BillNotFound, DuplicateBill, NotBillable, issue_bill, void_bill
from app.billing.operations.paying import (
    AlreadyReversed,
    CustomerUnknown,
    InvalidPayment,
    NewPayment,
    PaymentNotFound,
    Recorded,
    ReferenceReused,
    record_payment,
    reverse_payment,
    use_balance,
)
from app.billing.operations.releasing import discard_run, release_run, settle_exception
from app.billing.operations.running import RunNotFound, RunNotNow, start_run
from app.billing.operations.tariffs import Synced, TariffInUse, sync

__all__ = [
    "AlreadyReversed",
    "BillInUse",
    "BillNotFound",
    "Corrected",
    "CustomerUnknown",
    "DuplicateBill",
    "InvalidPayment",
    "MeterStands",
    "NewPayment",
    "NotBillable",
    "NothingToCorrect",
    "PaymentNotFound",
    "Recorded",
    "ReferenceReused",
    "RunNotFound",
    "RunNotNow",
    "Synced",
    "TariffInUse",
    "correct_bill",
    "discard_run",
    "issue_bill",
    "issue_final_bill",
    "preview_correction",
    "record_payment",
    "release_run",
    "reverse_payment",
    "settle_exception",
    "start_run",
    "sync",
    "use_balance",
    "void_bill",
]
