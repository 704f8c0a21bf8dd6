"""Keep what queues and agents did. FreeSWITCH's events may come twice, or an end without its beginning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel import live
from app.kernel.db import session
from app.telephony.calls.models import AgentChange, QueueVisit

AGENTS = "agents"
"""The live topic of whoever watches queues and agents."""

SAME = timedelta(seconds=5)
"""The switch's own word of a change and ours of the same one come within this time of each other."""

LEFT = {"TIMEOUT": "timeout", "NO_AGENT_TIMEOUT": "timeout", "EXIT_WITH_KEY": "key", "BREAK_OUT": "abandoned"}


def desk_topic(agent: str) -> str:
    """The live topic of one agent's telephone."""
    return f"phone:{agent}"


def note(event: dict[str, Any]) -> None:
    """One event of `callcenter::info`, as `line.queue_events` read it."""
    if event["what"] in {"status", "state"}:
        note_agent(event["agent"], event["what"], event["value"], now=event["at"])
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
            visit.offered, visit.offered_to = (visit.offered or 0) + 1, event["agent"][:80]
        case "failed" if visit.offered_to == event["agent"]:
            visit.offered_to = ""
        case "answered":
            visit.answered_at, visit.agent, visit.offered_to = event["at"], event["agent"][:80], ""
            visit.agent_uuid = event["agent_uuid"][:80]
        case "left" if visit.left_at is None:
            visit.offered_to = ""
            visit.left_at = event["at"]
            visit.outcome = "answered" if event["answered"] else LEFT.get(event["reason"], "abandoned")
    session.flush()
    live.touch(AGENTS, *([desk_topic(event["agent"])] if event["agent"] else []))


def note_agent(agent: str, what: str, value: str, *, reason: str = "", now: datetime) -> None:
    """An agent's status or state is `value` from now on. What is known already stays as it is, but for its reason."""
    last = session.scalar(
        sa.select(AgentChange)
        .where(AgentChange.agent == agent, AgentChange.what == what)
        .order_by(AgentChange.id.desc())
        .limit(1)
    )
    if last is None or last.value != value or (reason and last.reason != reason and (now - last.at) > SAME):
        session.add(AgentChange(agent=agent[:80], what=what, value=value[:40], reason=reason[:20], at=now))
    elif reason and last.reason != reason:  # the switch told of it before we did
        last.reason = reason[:20]
    else:
        return
    session.flush()
    live.touch(AGENTS, desk_topic(agent))
