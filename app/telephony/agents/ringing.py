"""The call of a queue at an agent's telephone: who calls, how long they waited, where they came through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import Call, CallStep, QueueVisit
from app.telephony.queries.flows import NothingPublished, flow_set

LONGEST = timedelta(hours=12)
"""A visit that nobody saw end is no call any more."""

MOST = 12
ASKS = frozenset({"menu", "gather"})


@dataclass(frozen=True, slots=True)
class Stage:
    """A flow the caller passed, or what they pressed in it: titles in both languages."""

    title: str
    title_en: str
    pressed: str


@dataclass(frozen=True, slots=True)
class AtTelephone:
    """`talking` once it is picked up. `account_no` is whom the line has identified, empty where nobody; `uuid` the
    agent's own channel. Seconds waited run until it was picked up.
    """

    call_key: str
    number: str
    queue: str
    talking: bool
    since: datetime
    waited: int
    account_no: str
    uuid: str


def at_telephone(extension: str, *, now: datetime) -> AtTelephone | None:
    """What rings or is talked on a telephone now."""
    visit = session.scalar(
        sa.select(QueueVisit)
        .where(
            QueueVisit.left_at.is_(None),
            QueueVisit.joined_at >= now - LONGEST,
            sa.or_(QueueVisit.offered_to == extension, QueueVisit.agent == extension),
        )
        .order_by(QueueVisit.id.desc())
        .limit(1)
    )
    if visit is None:
        return None
    account = session.scalar(sa.select(Call.account_no).where(Call.key == visit.call_key))
    talking = visit.agent == extension and visit.answered_at is not None
    since = visit.answered_at if talking and visit.answered_at else now
    return AtTelephone(
        call_key=visit.call_key,
        number=visit.number,
        queue=visit.queue,
        talking=talking,
        since=since,
        waited=max(0, int((since - visit.joined_at).total_seconds())),
        account_no=account or "",
        uuid=visit.agent_uuid,
    )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the line learnt of a call before an agent had it."""

    account_no: str
    queue: str
    waited: int
    language: str
    way: Sequence[Stage]


def learnt(call_key: str, *, extension: str, now: datetime) -> Learnt | None:
    """Of a call that was given to this telephone; None for anybody else's, and for calls that no queue brought."""
    visit = session.scalar(
        sa.select(QueueVisit)
        .where(
            QueueVisit.call_key == call_key,
            sa.or_(QueueVisit.offered_to == extension, QueueVisit.agent == extension),
        )
        .order_by(QueueVisit.id.desc())
        .limit(1)
    )
    if visit is None:
        return None
    call = session.scalar(sa.select(Call).where(Call.key == call_key))
    until = visit.answered_at or visit.left_at or now
    return Learnt(
        account_no=call.account_no if call is not None else "",
        queue=visit.queue,
        waited=max(0, int((until - visit.joined_at).total_seconds())),
        language=call.language if call is not None else "",
        way=_way(call.id) if call is not None else (),
    )


def _way(call_id: int) -> list[Stage]:
    """The flows passed, and what was pressed where something was asked; masked keys stay masked."""
    try:
        flows = flow_set().flows
    except NothingPublished:
        flows = {}
    stages: list[Stage] = []
    flow_before = ""
    rows = session.scalars(sa.select(CallStep).where(CallStep.call_id == call_id).order_by(CallStep.n).limit(200))
    for step in rows:
        flow = flows.get(step.flow)
        if step.flow != flow_before:
            flow_before = step.flow
            stages.append(Stage(flow.title if flow else step.flow, (flow.title_en if flow else "") or step.flow, ""))
        node = flow.nodes.get(step.node) if flow else None
        if step.input and step.kind in ASKS:
            title = node.title if node else step.node
            stages.append(Stage(title, (node.title_en if node else "") or step.node, step.input))
    return stages[-MOST:]
