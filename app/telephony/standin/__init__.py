"""A stand-in for FreeSWITCH that speaks its event socket, for tests and for `flask ivr phone`.

It makes no sound: it knows how long a recording lasts, who presses what when, and answers commands with the
replies and events that a real FreeSWITCH 1.11 was recorded to give (`tests/telephony/recordings`). Time runs
by the loop's clock, divided by `speed`. Where it was not recorded, it follows FreeSWITCH's source; such places
say so.
"""

from __future__ import annotations

from app.telephony.standin.callers import Caller, Line, Script
from app.telephony.standin.faults import Faults
from app.telephony.standin.leg import Leg
from app.telephony.standin.queues import StandInAgent
from app.telephony.standin.switch import Phone, Switch

__all__ = ["Caller", "Faults", "Leg", "Line", "Phone", "Script", "StandInAgent", "Switch"]
