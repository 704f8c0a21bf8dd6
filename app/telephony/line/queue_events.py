"""`callcenter::info` as values for the record: who waits, who is rung, who talks, what agents do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.telephony.esl import Event

LEAVE = "D"
"""A tone of the standard that no caller's telephone has: our own way out of a queue."""


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
        "agent_uuid": event.get("CC-Agent-UUID"),
        "joined": _instant(event.get("CC-Member-Joined-Time")),
        "answered": event.get("CC-Cause") == "Terminated",
        "reason": _reason(event),
        "at": now,
    }


KINDS = {
    "member-queue-start": "joined",
    "member-queue-resume": "joined",
    "agent-offering": "offered",
    "bridge-agent-fail": "failed",
    "bridge-agent-start": "answered",
    "member-queue-end": "left",
}


def _reason(event: Event) -> str:
    """Why a member left: the key by which it did goes before the module's own word (`BREAK_OUT` for any of them)."""
    key = event.get("variable_cc_exit_key")
    if not key:
        return event.get("CC-Cancel-Reason")
    return "TIMEOUT" if key == LEAVE else "EXIT_WITH_KEY"


def _instant(seconds: str) -> datetime | None:
    if not seconds.isdigit() or len(seconds) > 12:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
