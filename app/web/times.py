"""Instants as templates write them: in the zone of the utility and the reader's words."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.kernel import clock
from app.kernel.i18n import format_date, format_when


def local_time(instant: datetime, style: str = "short") -> str:
    """`short` names near days (`today 09:00`), `full` is exact to the second, `date` leaves the time out."""
    here = instant.astimezone(clock.LOCAL)
    if style == "full":
        return here.strftime("%Y-%m-%d %H:%M:%S")
    return format_date(here) if style == "date" else format_when(instant, now=clock.now())


def server_time() -> str:
    """The instant of this answer: pages count from it, so that a wrong clock of a phone does not matter."""
    return clock.now().isoformat()


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(local_time=local_time, server_time=server_time, server_now=clock.now)
