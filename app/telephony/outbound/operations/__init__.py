"""What changes calls to be made."""

from app.telephony.outbound.operations.trying import Claimed, attempt_ended, claim, give_back
from app.telephony.outbound.operations.wanting import (
    Callback,
    Message,
    cancel,
    number_of,
    recall,
    want_callback,
    want_message,
)

__all__ = [
    "Callback",
    "Claimed",
    "Message",
    "attempt_ended",
    "cancel",
    "claim",
    "give_back",
    "number_of",
    "recall",
    "want_callback",
    "want_message",
]
