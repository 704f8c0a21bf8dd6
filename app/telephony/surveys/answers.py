"""Keep an answer, and count them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.surveys.models import SurveyAnswer

SATISFIED = frozenset({"非常满意", "满意", "very_satisfied", "satisfied"})
"""Labels, as flows name answers, that count as satisfied (满意率 = satisfied / valid answers)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers by label; `rate` is 满意率 in percent, None without answers."""

    survey: str
    answers: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.answers.values())

    @property
    def rate(self) -> float | None:
        satisfied = sum(count for label, count in self.answers.items() if label in SATISFIED)
        return round(100 * satisfied / self.total, 1) if self.total else None


def keep(
    survey: str,
    *,
    call_ref: str,
    answer: str,
    label: str = "",
    values: Mapping[str, Any] | None = None,
    now: datetime,
) -> int:
    """Keep what a caller answered; a second answer of the same call changes nothing. Returns the row's id."""
    known = session.scalar(
        sa.select(SurveyAnswer.id).where(SurveyAnswer.survey == survey, SurveyAnswer.call_ref == call_ref)
    )
    if known is not None:
        return known
    facts = values or {}
    row = SurveyAnswer(
        survey=survey[:60],
        call_ref=call_ref[:80],
        answer=answer[:10],
        label=label[:40],
        agent=str(facts.get("agent") or "")[:80],
        queue=str(facts.get("queue") or "")[:60],
        at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def counts(*, since: datetime, until: datetime) -> list[Counted]:
    """How often what was answered, by survey, in a half-open span."""
    rows = session.execute(
        sa.select(SurveyAnswer.survey, SurveyAnswer.label, sa.func.count())
        .where(SurveyAnswer.at >= since, SurveyAnswer.at < until)
        .group_by(SurveyAnswer.survey, SurveyAnswer.label)
        .order_by(SurveyAnswer.survey, SurveyAnswer.label)
    )
    found: dict[str, dict[str, int]] = {}
    for survey, label, count in rows:
        found.setdefault(survey, {})[label or "-"] = count
    return [Counted(survey, answers) for survey, answers in found.items()]
