"""What changes the records of calls."""

from app.telephony.calls.operations.reconciling import reconcile
from app.telephony.calls.operations.taking_in import take_in
from app.telephony.calls.operations.writing import write

__all__ = ["reconcile", "take_in", "write"]
