"""A process that dies, or loses its database, just before a chosen SQL statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.kernel.db import db, session


class Died(BaseException):
    """No `except Exception` sees it, as none sees a `kill -9`; what was not committed is rolled back."""


def lost() -> OperationalError:
    """What a driver raises that has lost its server."""
    return OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))


@contextmanager
def failing_before(number: int, failure: Callable[[], BaseException]) -> Iterator[list[str]]:
    """Raise before statement `number` (from 0) of the block, commits counted too; yields those let through."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        pass_or_fail(statement)

    def pass_or_fail(statement: str) -> None:
        if len(said) == number:
            said.append("")  # once: what follows a failure is let through
            raise failure()
        said.append(statement)

    def commit(_session: Any) -> None:
        pass_or_fail("COMMIT")

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(session, "before_commit", commit)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(session, "before_commit", commit)


def reached(said: list[str]) -> bool:
    """Whether the failure came."""
    return "" in said
