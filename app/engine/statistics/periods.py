"""Which rows make up a period: those of whole months where it has any, and those of the days at either end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.engine.statistics.models import ElementDay, ElementSpan


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of months or of days from one local day to another, `to` excluded; None is without end."""

    whole_month: bool
    from_: date | None
    to: date | None

    def where(self, model: type[ElementDay] | type[ElementSpan]) -> list[Any]:
        """The conditions: one range of the index by process."""
        wanted: list[Any] = [model.whole_month if self.whole_month else sa.not_(model.whole_month)]
        if self.from_ is not None:
            wanted.append(model.day >= self.from_)
        if self.to is not None:
            wanted.append(model.day < self.to)
        return wanted


def parts(from_: date | None, to: date | None) -> list[Part]:
    """The period cut up, each of its days in exactly one part."""
    first = None if from_ is None else _month_from(from_)
    last = None if to is None else to.replace(day=1)
    if first is not None and last is not None and first >= last:
        return [Part(False, from_, to)]
    found = [Part(True, first, last)]
    if from_ != first:
        found.append(Part(False, from_, first))
    if to != last:
        found.append(Part(False, last, to))
    return found


def _month_from(day: date) -> date:
    """The first day of a month, this one or the next that comes."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=31)).replace(day=1)
