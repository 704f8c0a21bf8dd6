"""Due and follow-up dates counted by the working calendar: what their expressions may call beside all else.

| function | gives |
| --- | --- |
| `working("PT4H")` | the instant when four working hours have passed |
| `working_days(3)` | the same clock time three working days later |

Both count from the task's creation, or from a second value (`working("PT4H", accepted_at)`).
The calendar is read when one of them is called, and only then.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.engine.scripting.errors import ScriptError
from app.engine.scripting.functions import duration, instant
from app.kernel.calendar import WorkCalendar

MAX_DAYS = 3660
MAX_TIME = timedelta(hours=20_000)
_CALL = re.compile(r"(?<![\w.])(working|working_days)\s*\(")
_HOURS = re.compile(r"^PT[\dHMS.,]+$")


def functions(now: datetime) -> dict[str, Callable[..., Any]]:
    """The functions by name, counting from `now`."""

    def working(amount: Any, since: Any = None) -> datetime:
        return WorkCalendar.load().add_working_time(_start(since, now), hours(amount))

    def working_days(number: Any, since: Any = None) -> datetime:
        return WorkCalendar.load().add_working_days(_start(since, now), days(number))

    return {"working": working, "working_days": working_days}


def hours(amount: Any) -> timedelta:
    """The amount of `working`: hours, minutes, seconds. Raises `ScriptError`; days would mean two things."""
    if not isinstance(amount, str) or not _HOURS.match(amount):
        raise ScriptError(_("write working time as hours and minutes, such as PT4H30M; whole days by working_days(3)"))
    found = duration(amount)
    if found > MAX_TIME:
        raise ScriptError(_("%(amount)s is too long", amount=amount))
    return found


def days(number: Any) -> int:
    """The number of `working_days`. Raises `ScriptError`."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MAX_DAYS:
        raise ScriptError(_("the number of working days must be a whole number up to %(most)s", most=MAX_DAYS))
    return number


def is_called(expression: str) -> bool:
    """Whether a Python expression counts by the calendar."""
    return _CALL.search(expression) is not None


def check(expression: str) -> None:
    """Raise `ScriptError` where an amount that is written out cannot be counted."""
    for call in (node for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _AMOUNTS and not 1 <= len(call.args) <= 2:
            raise ScriptError(_("%(name)s needs an amount", name=name))
        if name in _AMOUNTS and isinstance(call.args[0], ast.Constant):
            _AMOUNTS[name](call.args[0].value)


def _start(since: Any, now: datetime) -> datetime:
    return now if since is None else instant(since)


_AMOUNTS: dict[str, Callable[[Any], Any]] = {"working": hours, "working_days": days}
