"""The application that fault tests start as real processes: as wsgi.py, with the clock moved to a working morning.

Callbacks wait for polite hours and limits for working time, so the machine's own hour would decide a test.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from app import create_app

OFFSET = timedelta(seconds=float(os.environ["LIGHTLINE_TEST_CLOCK_OFFSET"]))


class ShiftedClock:
    """The machine's clock, a fixed time away."""

    def now(self) -> datetime:
        return datetime.now().astimezone() + OFFSET


app = create_app(clock=ShiftedClock())
