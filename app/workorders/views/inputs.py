"""What pages send: texts, local times and days, and who sends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.clock import LOCAL


def acting() -> dict[str, Any]:
    """`actor=` and `now=` of this request, for operations and queries."""
    return {"actor": current_actor(), "now": clock.now()}


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


def same_page(**changes: object) -> str:
    """This page's address with its filters, some of them changed."""
    kept = {key: value for key, value in request.args.items() if value and key not in {"after", "lang"}}
    return f"{request.path}?{urlencode({**kept, **changes})}"
