"""The working calendar: which days are worked, which hours, and limits counted in them.

`days` knows holidays, make-up days and the operators' exceptions; `hours` the periods of
a working day; `work` counts with both; `operations` writes exceptions. Dates and hours
are local (Asia/Shanghai, which has no daylight saving), instants are aware.
"""

from __future__ import annotations

from app.kernel.calendar.models import CalendarDay
from app.kernel.calendar.work import WorkCalendar

__all__ = ["CalendarDay", "WorkCalendar"]
