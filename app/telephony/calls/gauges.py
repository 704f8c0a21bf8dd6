"""Calls, queues and agents for Prometheus, from the database: the same whichever process is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.observability import gauge
from app.telephony.calls.models import Call, QueueVisit, StepCount
from app.telephony.calls.queries import agents_now

WAITING = (QueueVisit.left_at.is_(None), QueueVisit.answered_at.is_(None))


@gauge("lightline_calls_under_way", "Calls under way, by ivr process.", label="server")
def under_way() -> Mapping[str, float]:
    found = sa.select(Call.server, sa.func.count()).where(Call.ended_at.is_(None)).group_by(Call.server)
    return {server: count for server, count in session.execute(found)}


@gauge("lightline_queue_waiting", "Callers who wait for an agent, by queue.", label="queue")
def waiting() -> Mapping[str, float]:
    found = sa.select(QueueVisit.queue, sa.func.count()).where(*WAITING).group_by(QueueVisit.queue)
    return {queue: count for queue, count in session.execute(found)}


@gauge("lightline_queue_longest_wait_seconds", "How long the caller has waited who waits longest.", label="queue")
def longest_wait() -> Mapping[str, float]:
    now = clock.now()
    found = sa.select(QueueVisit.queue, sa.func.min(QueueVisit.joined_at)).where(*WAITING).group_by(QueueVisit.queue)
    return {queue: max(0.0, (now - joined).total_seconds()) for queue, joined in session.execute(found)}


@gauge("lightline_agents", "Agents by status and state, as the switch last told them.", label="state")
def agents() -> Mapping[str, float]:
    states = ((known.get("status", "Unknown"), known.get("state", "")) for known in agents_now().values())
    return Counter(f"{status}: {state}" if state and status == "Available" else status for status, state in states)


@gauge("lightline_flow_errors_today", "Nodes of flows left by an error or a time limit today, by flow.", label="flow")
def flow_errors() -> Mapping[str, float]:
    today = clock.now().astimezone(LOCAL).date()
    found = (
        sa.select(StepCount.flow, sa.func.sum(StepCount.n))
        .where(StepCount.day == today, StepCount.what.in_(["exit:error", "exit:timeout"]))
        .group_by(StepCount.flow)
    )
    return {flow: int(count) for flow, count in session.execute(found)}
