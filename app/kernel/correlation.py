"""The correlation id: one word that ties a request, its log lines, its jobs and its audit entries together.

Only the id lives here; logging and HTTP headers are `kernel.observability`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.kernel.db import new_id

_current: ContextVar[str | None] = ContextVar("lightline_correlation_id", default=None)
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")


def current() -> str | None:
    """The id of the work under way, None where nobody gave one."""
    return _current.get()


def accept(offered: str | None) -> str:
    """The id a caller offers when it is sane (8 to 64 letters, digits, `.` `_` `:` `-`), else a new one."""
    return offered if offered and _SANE.fullmatch(offered) else new_id()


@contextmanager
def bound(correlation_id: str | None) -> Iterator[str]:
    """Work under this id (a new one for None) until the block ends."""
    value = correlation_id or new_id()
    token = _current.set(value)
    try:
        yield value
    finally:
        _current.reset(token)


def start(correlation_id: str | None) -> None:
    """From here on this thread works under the id: the edge of a request, which no block encloses."""
    _current.set(correlation_id)
