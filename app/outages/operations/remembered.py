"""What does not change within a transaction is asked once: storms, thresholds, locks that are held."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.db import session

KEY = "outages_remembered"
T = TypeVar("T")


def once(what: Hashable, ask: Callable[[], T]) -> T:
    """The answer to `what`, asked at most once in the present transaction."""
    known: dict[Hashable, Any] = session().info.setdefault(KEY, {})
    if what not in known:
        known[what] = ask()
    return cast(T, known[what])


@event.listens_for(Session, "after_commit")
def _committed(current: Session) -> None:
    current.info.pop(KEY, None)


@event.listens_for(Session, "after_soft_rollback")
def _rolled_back(current: Session, _previous: Any) -> None:
    current.info.pop(KEY, None)
