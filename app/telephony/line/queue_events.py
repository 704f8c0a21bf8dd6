"""`callcenter::info` as values for the record: who waits, who is rung, who talks, what agents do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.telephony.esl import Event


def read(event: Event, now: datetime) -> dict[str, Any] | None:
    """What to keep of an event; None where there is nothing in it for us."""
    action = event.get("CC-Action")
    agent = event.get("CC-Agent").partition("@")[0]
    if action in {"agent-status-change", "agent-state-change"}:
        what = action.split("-")[1]
        value = event.get("CC-Agent-Status" if what == "status" else "CC-Agent-State")
        return {"what": what, "agent": agent, "value": value, "at": now} if agent and value else None
    kind = KINDS.get(action)
    member = event.get("CC-Member-UUID")
    if kind is None or not member:
        return None
    return {
        "what": kind,
        "member": member,
        "queue": event.get("CC-Queue").partition("@")[0],
        "call": event.get("CC-Member-Session-UUID"),
        "number": event.get("CC-Member-CID-Number"),
        "agent": agent,
        "joined": _instant(event.get("CC-Member-Joined-Time")),
        "answered": event.get("CC-Cause") == "Terminated",
        "reason": event.get("CC-Cancel-Reason"),
        "at": now,
    }


KINDS = {
    "member-queue-start": "joined",
    "member-queue-resume": "joined",
    "agent-offering": "offered",
    "bridge-agent-start": "answered",
    "member-queue-end": "left",
}


def _instant(seconds: str) -> datetime | None:
    if not seconds.isdigit() or len(seconds) > 12:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
