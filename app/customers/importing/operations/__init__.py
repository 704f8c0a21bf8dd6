"""What is done with imports: receive a file, check it, write it, cancel it; profiles; schedules."""

from __future__ import annotations

from app.customers.importing.operations.checking import begin_check
from app.customers.importing.operations.finishing import cancel
from app.customers.importing.operations.profiles import ProfileData, retire_profile, save_profile
from app.customers.importing.operations.receiving import receive
from app.customers.importing.operations.schedules import ScheduleData, save_schedule, set_schedule_active
from app.customers.importing.operations.writing import begin_writing

__all__ = [
    "ProfileData",
    "ScheduleData",
    "begin_check",
    "begin_writing",
    "cancel",
    "receive",
    "retire_profile",
    "save_profile",
    "save_schedule",
    "set_schedule_active",
]
