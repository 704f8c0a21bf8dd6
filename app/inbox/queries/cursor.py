"""Where a page of tasks ended: the order's value and the id of its last row, as text for an address."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

import orjson
from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid


class BadCursor(Invalid):
    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row shown: `value` is what it was ordered by (None: a task without a due date)."""

    sort: str
    value: datetime | int | None
    id: str

    def encode(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(orjson.dumps([self.sort, value, self.id])).decode().rstrip("=")


def decode(text: str, sort: str) -> Cursor | None:
    """The cursor of an address; one made for another order starts again from the top (None)."""
    if not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        made_for, value, row_id = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if made_for != sort:
            return None
        return Cursor(sort, _value(sort, value), _text(row_id))
    except (ValueError, TypeError, binascii.Error) as exc:
        raise BadCursor(_l("This page of the list no longer exists. Start again from the first page.")) from exc


def _value(sort: str, value: object) -> datetime | int | None:
    if sort == "priority":
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("a priority is a whole number")
        return value
    if value is None and sort == "due":
        return None
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError("an instant carries its offset")
    return instant


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 100:
        raise ValueError("not a text of this size")
    return value
