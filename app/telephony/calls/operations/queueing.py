"""Keep what queues and agents did. FreeSWITCH's events may come twice, or an end without its beginning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import AgentChange, QueueVisit

LEFT = {"TIMEOUT": "timeout", "NO_AGENT_TIMEOUT": "timeout", "EXIT_WITH_KEY": "key", "BREAK_OUT": "abandoned"}


def note(event: dict[str, Any]) -> None:
    """One event of `callcenter::info`, as `line.queue_events` read it."""
    if event["what"] in {"status", "state"}:
        _agent(event["agent"], event["what"], event["value"], event["at"])
        return
    visit = session.scalar(sa.select(QueueVisit).where(QueueVisit.member == event["member"]))
    if visit is None:
        visit = QueueVisit(
            member=event["member"][:80],
            queue=event["queue"][:60],
            call_key=event["call"][:80],
            number=event["number"][:40],
            joined_at=event["joined"] or event["at"],
        )
        session.add(visit)
    match event["what"]:
        case "offered":
            visit.offered = (visit.offered or 0) + 1
        case "answered":
            visit.answered_at, visit.agent = event["at"], event["agent"][:80]
        case "left" if visit.left_at is None:
            visit.left_at = event["at"]
            visit.outcome = "answered" if event["answered"] else LEFT.get(event["reason"], "abandoned")
    session.flush()


def _agent(agent: str, what: str, value: str, at: datetime) -> None:
    last = session.scalar(
        sa.select(AgentChange)
        .where(AgentChange.agent == agent, AgentChange.what == what)
        .order_by(AgentChange.id.desc())
        .limit(1)
    )
    if last is None or last.value != value:
        session.add(AgentChange(agent=agent[:80], what=what, value=value[:40], at=at))
        session.flush()
