"""What pages send: texts, whole numbers, local times and days, this page's address."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import request

from app.kernel.clock import LOCAL


def text(name: str) -> str:
    """A text of the form or query, empty where it is missing; a row of it, without spaces around."""
    return request.values.get(name, "").strip()


def number(name: str) -> int | None:
    """A whole number of the form or query, None where it is missing or none."""
    value = text(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


def instant(name: str) -> datetime | None:
    """A local date and time or a local day, None where it is missing or none."""
    try:
        return datetime.fromisoformat(text(name)).replace(tzinfo=LOCAL)
    except ValueError:
        return None


def day_after(name: str) -> datetime | None:
    """The instant after a local day."""
    begin = instant(name)
    return begin + timedelta(days=1) if begin is not None else None


def day(name: str) -> date | None:
    """A local day (`2026-03-02`), None where it is missing or none."""
    try:
        return date.fromisoformat(text(name))
    except ValueError:
        return None


def same_page(**changes: object) -> str:
    """This page's address with its filters, some of them changed."""
    kept = {key: value for key, value in request.args.items() if value and key not in {"after", "lang"}}
    return f"{request.path}?{urlencode({**kept, **changes})}"
