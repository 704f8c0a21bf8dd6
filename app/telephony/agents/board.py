"""The hotline at this moment, for supervisors: who waits in which queue, and what each agent does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

import sqlalchemy as sa

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.telephony.agents.models import PhoneAgent, PhoneQueue, PhoneTier
from app.telephony.agents.presence import Presence, presences
from app.telephony.agents.ringing import LONGEST
from app.telephony.calls.models import Call, QueueVisit
from app.telephony.calls.queries import queue_figures
from app.telephony.calls.queries.queueing import QueueFigures
from app.telephony.calls.queries.scope import number_shown

WATCH = "phone.watch"
LISTEN = "phone.listen"
DOES = ("ready", "ringing", "talking", "wrap", "pause", "off")


@dataclass(frozen=True, slots=True)
class QueueNow:
    """One queue: how many wait, since when the first of them does, its agents by what they do, its day so far."""

    code: str
    name: str
    name_en: str
    waiting: int
    longest: datetime | None
    agents: Counter[str]
    today: QueueFigures | None


@dataclass(frozen=True, slots=True)
class AgentNow:
    """One agent: `does` is one of `DOES`, `since` then. `number` is the caller's as the reader may see it."""

    extension: str
    username: str
    name: str
    does: str
    reason: str
    since: datetime | None
    until: datetime | None
    queue: str
    number: str


@dataclass(frozen=True, slots=True)
class Now:
    """All of it."""

    queues: Sequence[QueueNow]
    agents: Sequence[AgentNow]


def agents_within(paths: Sequence[str]) -> list[PhoneAgent]:
    """Agents whose home is in these units, by extension."""
    agents = session.scalars(sa.select(PhoneAgent).where(PhoneAgent.active).order_by(PhoneAgent.extension)).all()
    known = people.users_named([agent.username for agent in agents])
    homes = people.home_paths(person.id for person in known.values())
    return [
        agent
        for agent in agents
        if (person := known.get(agent.username)) is not None and homes[person.id].startswith(tuple(paths))
    ]


def now_at_the_line(*, actor: Actor, now: datetime) -> Now:
    """Queues of the line, and the agents within the reader's units."""
    agents = agents_within(authority.paths(actor, WATCH, now=now))
    known = people.users_named([agent.username for agent in agents])
    here = presences(agents, now=now)
    visits = session.execute(
        sa.select(QueueVisit, Call.unit_path)
        .outerjoin(Call, Call.key == QueueVisit.call_key)
        .where(QueueVisit.left_at.is_(None), QueueVisit.joined_at >= now - LONGEST)
        .order_by(QueueVisit.joined_at)
    ).all()
    talks = {visit.agent: (visit, path or "/") for visit, path in visits if visit.answered_at}
    rings = {visit.offered_to: (visit, path or "/") for visit, path in visits if visit.offered_to}
    rows = []
    for agent in agents:
        visit, path = talks.get(agent.extension) or rings.get(agent.extension) or (None, "/")
        rows.append(
            _agent(
                agent,
                known[agent.username].name,
                here[agent.extension],
                visit,
                number_shown(visit.number, path, actor=actor, now=now) if visit is not None else "",
            )
        )
    return Now(_queues([visit for visit, _path in visits], rows, now), rows)


def _agent(agent: PhoneAgent, name: str, here: Presence, visit: QueueVisit | None, number: str) -> AgentNow:
    does, since, until, reason = here.status, here.since, None, here.reason
    if visit is not None:
        does = "talking" if visit.answered_at else "ringing"
        since, reason = visit.answered_at or visit.joined_at, ""
    elif here.wrap_until is not None and here.status == "ready":
        does, since, until = "wrap", here.state_since, here.wrap_until
    queue = visit.queue if visit is not None else ""
    return AgentNow(agent.extension, agent.username, name, does, reason, since, until, queue, number)


def _queues(visits: Sequence[QueueVisit], rows: Sequence[AgentNow], now: datetime) -> list[QueueNow]:
    does = {row.extension: row.does for row in rows}
    served: dict[str, Counter[str]] = {}
    for code, extension in session.execute(
        sa.select(PhoneQueue.code, PhoneAgent.extension)
        .join(PhoneTier, PhoneTier.queue_id == PhoneQueue.id)
        .join(PhoneAgent, PhoneAgent.id == PhoneTier.agent_id)
    ):
        if extension in does:
            served.setdefault(code, Counter())[does[extension]] += 1
    begin = datetime.combine(now.astimezone(LOCAL).date(), time(), tzinfo=LOCAL)
    today = {one.queue: one for one in queue_figures(begin, now)}
    found = []
    for queue in session.scalars(sa.select(PhoneQueue).where(PhoneQueue.active).order_by(PhoneQueue.code)):
        waiting = [visit for visit in visits if visit.queue == queue.code and visit.answered_at is None]
        found.append(
            QueueNow(
                queue.code,
                queue.name,
                queue.name_en,
                len(waiting),
                waiting[0].joined_at if waiting else None,
                served.get(queue.code, Counter()),
                today.get(queue.code),
            )
        )
    return found
