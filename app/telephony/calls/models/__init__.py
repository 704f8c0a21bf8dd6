"""Rows of calls. Numbers stand whole and are masked where they are shown; keys of masked nodes are never kept."""

from app.telephony.calls.models.call import Call, CallLeg, CallRecording, CallStep, RecordingPause
from app.telephony.calls.models.counts import StepCount
from app.telephony.calls.models.queueing import AgentChange, QueueVisit
from app.telephony.calls.models.voicemail import Voicemail

__all__ = [
    "AgentChange",
    "Call",
    "CallLeg",
    "CallRecording",
    "CallStep",
    "QueueVisit",
    "RecordingPause",
    "StepCount",
    "Voicemail",
]
