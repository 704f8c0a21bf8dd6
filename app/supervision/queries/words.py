"""Words and bounds of supervision, for pages and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.i18n import localized
from app.supervision.models import SupervisionWord


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `name` Chinese, `name_en` English, `facts` for rules."""

    code: str
    name: str
    name_en: str
    facts: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """In the reader's language."""
        return localized(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class Bounds:
    """`near` is the share of a limit from which it is near, `ages` the ends of the classes of age."""

    near: float
    ages: Sequence[timedelta]
    repeat: timedelta
    media: Sequence[str]


def words(kind: str) -> dict[str, Word]:
    """The words of a kind by code, in their order."""
    query = (
        sa.select(SupervisionWord)
        .where(SupervisionWord.kind == kind, SupervisionWord.active)
        .order_by(SupervisionWord.position)
    )
    return {row.code: Word(row.code, row.name, row.name_en, dict(row.facts)) for row in session.scalars(query)}


def bounds() -> Bounds:
    """The bounds facts are computed by; without rows (`flask supervision sync`) nothing is near, old or repeated."""
    found = {code: word.facts.get("value") for code, word in words("bound").items()}
    return Bounds(
        near=float(found.get("near_percent") or 100) / 100,
        ages=[timedelta(hours=float(each)) for each in found.get("age_hours") or ()],
        repeat=timedelta(days=float(found.get("repeat_days") or 0)),
        media=[word.name for word in words("media").values()],
    )
