"""Questions about calls: lists and time-lines as people may see them, counts for pictures and statistics."""

from app.telephony.calls.queries.counting import DropOff, NodeCount, drop_off
from app.telephony.calls.queries.listing import CallRow, Filters, calls
from app.telephony.calls.queries.one import CallView, call_view, id_of, recording_of
from app.telephony.calls.queries.queueing import QueueFigures, agents_now, queue_figures
from app.telephony.calls.queries.scope import LISTEN, READ

__all__ = [
    "LISTEN",
    "READ",
    "CallRow",
    "CallView",
    "DropOff",
    "Filters",
    "NodeCount",
    "QueueFigures",
    "agents_now",
    "call_view",
    "calls",
    "drop_off",
    "id_of",
    "queue_figures",
    "recording_of",
]
