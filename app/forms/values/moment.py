"""Dates, times, and instants, which carry their offset."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.forms.values.base import ComponentField, present
from app.kernel.clock import LOCAL

TIME = re.compile(r"(\d{2}):(\d{2})(Z|[+-]\d{2}:\d{2})?")


class DatetimeValue(ComponentField):
    """datetime: `2026-03-02`, `09:30` or, with its offset, `2026-03-02T09:30+08:00`."""

    def check(self, value: Any) -> Any:
        if value == "":
            return None
        if not isinstance(value, str) or len(value) > 40:
            raise ValidationError(_("Must be a date or time."))
        kind = str(self.component.raw.get("subtype", "date"))
        check = {"date": self._date, "time": self._time, "datetime": self._instant}.get(kind)
        if check is None:
            raise ValidationError(_("Must be a date or time."))
        check(value)
        return value

    def _date(self, value: str) -> None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError(_("Must be a date, such as 2026-03-02.")) from None
        self._check_past(day)

    def _time(self, value: str) -> None:
        match = TIME.fullmatch(value)
        try:
            if match is None:
                raise ValueError(value)
            time(int(match[1]), int(match[2]))
        except ValueError:
            raise ValidationError(_("Must be a time, such as 09:30.")) from None

    def _instant(self, value: str) -> None:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(_("Must be a date and time, such as 2026-03-02T09:30+08:00.")) from None
        if instant.tzinfo is None:
            raise ValidationError(_("Must carry its offset, such as +08:00."))
        self._check_past(instant.astimezone(LOCAL).date())

    def _check_past(self, day: date) -> None:
        now = present().now
        if (
            self.component.raw.get("disallowPassedDates") is True
            and now is not None
            and day < now.astimezone(LOCAL).date()
        ):
            raise ValidationError(_("Must not lie in the past."))
