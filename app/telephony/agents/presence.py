"""Whether an agent takes calls: ready, on a break with a reason, off; and what the switch says they do now.

The switch's mod_callcenter is told first and is right: what is noted here is what it accepted, or told by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.telephony.agents.models import PauseReason, PhoneAgent
from app.telephony.agents.switch import ask
from app.telephony.calls.models import AgentChange
from app.telephony.calls.operations.queueing import note_agent
from app.telephony.config import Telephony

STATUSES = {"ready": "Available", "pause": "On Break", "off": "Logged Out"}
"""Ours and mod_callcenter's."""

LEFT_DESK = "left_desk"
"""The reason of a break that began by closing the desk: it ends by opening it again."""

AFTER_CALL = "after_call"
"""The reason of a break for work that a call left, past the time the switch gives for it."""

OWN_REASONS: dict[str, Any] = {LEFT_DESK: _l("the desk was closed"), AFTER_CALL: _l("work after a call")}
"""Reasons of the house; agents' own are rows."""

TALKING = "In a queue call"


@dataclass(frozen=True, slots=True)
class Presence:
    """`status` is `ready`, `pause` or `off` since `since`, with a `reason`; `state` the switch's own word of what the
    agent does (`Waiting`, `Receiving`, `In a queue call`) since `state_since`. `wrap_until` is when the work after
    a call is over, None where there is none under way.
    """

    status: str
    reason: str
    since: datetime | None
    state: str
    state_since: datetime | None
    wrap_until: datetime | None


def set_status(
    agent: PhoneAgent, status: str, *, reason: str = "", telephony: Telephony, actor: Actor, now: datetime
) -> None:
    """Tell the switch whether this agent takes calls. Raises `Invalid`, `SwitchAway`, `SwitchRefused`."""
    if status not in STATUSES:
        raise Invalid(_l("Ready, on a break or off?"))
    if status == "pause" and reason not in {LEFT_DESK, AFTER_CALL} | {one.code for one in reasons()}:
        raise Invalid(_l("Say why: choose a reason from the list."))
    reason = reason if status == "pause" else ""
    name = f"{agent.extension}@{telephony.domain}"
    audit.record(
        "phone.status",
        actor=actor,
        now=now,
        subject_type="phone_agent",
        subject_id=agent.extension,
        details={"status": status, "reason": reason},
    )
    ask(telephony, f"callcenter_config agent set status {name} '{STATUSES[status]}'")
    note_agent(agent.extension, "status", STATUSES[status], reason=reason, now=now)


def presence(agent: PhoneAgent, *, now: datetime) -> Presence:
    """How it stands with one agent."""
    return presences([agent], now=now)[agent.extension]


def presences(agents: list[PhoneAgent], *, now: datetime) -> dict[str, Presence]:
    """The same of several, by extension, in two statements."""
    wanted = [agent.extension for agent in agents]
    ranked = (
        sa.select(
            AgentChange,
            sa.func.row_number()
            .over(partition_by=(AgentChange.agent, AgentChange.what), order_by=AgentChange.id.desc())
            .label("n"),
        )
        .where(AgentChange.agent.in_(wanted), AgentChange.at >= now - SPAN)
        .subquery()
    )
    rows = session.execute(sa.select(ranked).where(ranked.c.n <= 2).order_by(ranked.c.n)).all()
    found: dict[tuple[str, str], list[sa.Row[tuple[object, ...]]]] = {}
    for row in rows:
        found.setdefault((row.agent, row.what), []).append(row)
    return {
        agent.extension: _presence(
            agent, found.get((agent.extension, "status"), []), found.get((agent.extension, "state"), []), now
        )
        for agent in agents
    }


SPAN = timedelta(days=7)
"""Who did nothing for longer is off."""


def _presence(agent: PhoneAgent, statuses: list[sa.Row], states: list[sa.Row], now: datetime) -> Presence:  # type: ignore[type-arg]
    ours = {switchs: own for own, switchs in STATUSES.items()}
    status = statuses[0] if statuses else None
    state = states[0] if states else None
    wrap = None
    if state is not None and state.value != TALKING and len(states) > 1 and states[1].value == TALKING:
        wrap = state.at + timedelta(seconds=agent.wrap_up)
    return Presence(
        status=ours.get(status.value, "ready") if status is not None else "off",
        reason=status.reason if status is not None else "",
        since=status.at if status is not None else None,
        state=state.value if state is not None else "",
        state_since=state.at if state is not None else None,
        wrap_until=wrap if wrap is not None and wrap > now else None,
    )


def reasons(*, all_of_them: bool = False) -> list[PauseReason]:
    """What agents choose from, in order."""
    query = sa.select(PauseReason).order_by(PauseReason.position, PauseReason.id)
    return list(session.scalars(query if all_of_them else query.where(PauseReason.active)))


def save_reason(code: str, name: str, name_en: str, *, active: bool, actor: Actor, now: datetime) -> None:
    """Add a reason for breaks or change the one of this code. Raises `Invalid`."""
    if not code.isascii() or not code.replace("_", "").isalnum() or not 1 <= len(code) <= 20 or code == LEFT_DESK:
        raise Invalid(_l("A code is made of small letters, digits and _."), field="reason_code")
    if not name.strip():
        raise Invalid(_l("A reason needs a name."), field="reason_name")
    row = session.scalar(sa.select(PauseReason).where(PauseReason.code == code)) or PauseReason(
        code=code, position=1 + (session.scalar(sa.select(sa.func.max(PauseReason.position))) or 0)
    )
    row.name, row.name_en, row.active = name.strip()[:30], name_en.strip()[:40], active
    session.add(row)
    session.flush()
    audit.record("phone.reason", actor=actor, now=now, subject_type="pause_reason", subject_id=code)
