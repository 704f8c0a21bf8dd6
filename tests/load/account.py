"""Accounting for the rounds: every step, timer and message of every case, each exactly once."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from app.engine.runtime.models import ActivityHistory, Instance
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from tests.load import rounds
from tests.load.receiver import Receiver


def round_problems(cases: int, receiver: Receiver) -> list[str]:
    """What does not add up; empty where each was done, noted and received once."""
    expected = {f"{n}-{turn}" for n in range(cases) for turn in range(rounds.ROUNDS)}
    wrong = [*_rows(rounds.STEP, expected), *_rows(rounds.SEND, expected), *_passed(cases)]
    wrong += [f"message {name} never reached its receiver" for name in sorted(expected - receiver.calls.keys())]
    return wrong + [f"message {name} was never asked for" for name in sorted(receiver.calls.keys() - expected)]


def repeated_calls(receiver: Receiver) -> int:
    """How often the receiver heard a key again: its caller died, or lost the database, before it noted the call."""
    return sum(receiver.calls.values()) - len(receiver.calls)


def _rows(action: str, expected: set[str]) -> list[str]:
    found = Counter(session.scalars(sa.select(AuditEntry.subject_id).where(AuditEntry.action == action)))
    wrong = [f"{action} of {name}: {found[name]} times" for name in sorted(expected) if found[name] != 1]
    return wrong + [f"{action} of {name} was never asked for" for name in found.keys() - expected]


def _passed(cases: int) -> list[str]:
    """Each case has passed each element of its round as often as it has rounds."""
    of_cases = sa.select(Instance.business_key, ActivityHistory.element_id, sa.func.count())
    joined = of_cases.join(ActivityHistory, ActivityHistory.instance_id == Instance.id)
    mine = joined.where(Instance.process_key == rounds.KEY, ActivityHistory.element_id.in_(["step", "wait"]))
    rows = session.execute(mine.group_by(Instance.business_key, ActivityHistory.element_id)).all()
    wrong = [f"{key} passed {element} {n} times" for key, element, n in rows if n != rounds.ROUNDS]
    return wrong + ([f"{len(rows)} elements passed by {cases} cases"] if len(rows) != 2 * cases else [])
