"""What pages send: dates in local time, ids, and the errors of a refused form."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid


def text(name: str) -> str:
    """A text of the form or query, empty where it is missing."""
    return request.values.get(name, "")


def number(name: str) -> int | None:
    """A whole number of the form or query, None where it is missing or none."""
    value = text(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def instant(name: str) -> datetime | None:
    """A local date and time (`datetime-local`), None where it is missing or none."""
    try:
        return datetime.fromisoformat(text(name)).replace(tzinfo=LOCAL)
    except ValueError:
        return None


def day(name: str, *, end: bool = False) -> datetime | None:
    """The beginning of a local day (`date`), or with `end` the instant after it."""
    begin = instant(name)
    return begin + timedelta(days=1) if begin is not None and end else begin


def same_page(**changes: object) -> str:
    """This page's address with its filters, some of them changed."""
    kept = {key: value for key, value in request.args.items() if key not in {"after", "before", "lang"}}
    return f"{request.path}?{urlencode({**kept, **changes})}"


def errors_of(refused: Invalid) -> dict[str, Any]:
    """Field -> messages of a refusal. What the operation changed before it is undone."""
    db.session.rollback()
    return dict(refused.details.get("errors", {}))
