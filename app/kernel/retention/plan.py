"""A kind's days as conditions on rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Plan:
    """What is over at `now`: older than `days`, or than what `by_process` says; None is for ever."""

    now: datetime
    days: int | None
    by_process: Mapping[str, int | None] = field(default_factory=dict)

    def over(self, instant: Any) -> Any:
        """Rows whose instant is longer ago than the general days."""
        return sa.false() if self.days is None else instant < self._before(self.days)

    def over_of(self, process: Any, instant: Any) -> Any:
        """The same for rows of a process."""
        rest = sa.and_(process.not_in(list(self.by_process)), self.over(instant)) if self.by_process else None
        own = [
            sa.and_(process == key, instant < self._before(days))
            for key, days in self.by_process.items()
            if days is not None
        ]
        return sa.or_(sa.false(), *own, self.over(instant) if rest is None else rest)

    def _before(self, days: int) -> datetime:
        return self.now - timedelta(days=days)
