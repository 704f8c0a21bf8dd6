"""Silence on the recording of a talk while something secret is said (录音暂停)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.telephony.agents.models import PhoneAgent
from app.telephony.calls.models import QueueVisit, RecordingPause
from app.telephony.calls.operations.queueing import desk_topic

LONGEST = timedelta(minutes=3)
"""Whoever forgets to go on is reminded by the recording going on by itself: numbers are said in less."""


class NoTalk(NotFound):
    """The person is in no talk."""

    code = "no_talk"


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk under way: the call, and whether its recording is to be silent, and is (None: not carried out yet)."""

    call_key: str
    extension: str
    paused: bool
    done: bool | None


def talk_of(username: str, *, now: datetime) -> Talk | None:
    """The talk in which somebody is, by their telephone."""
    row = session.execute(
        sa.select(QueueVisit.call_key, PhoneAgent.extension, RecordingPause)
        .join(PhoneAgent, PhoneAgent.extension == QueueVisit.agent)
        .outerjoin(RecordingPause, RecordingPause.call_key == QueueVisit.call_key)
        .where(
            PhoneAgent.username == username,
            PhoneAgent.active,
            QueueVisit.answered_at.is_not(None),
            QueueVisit.left_at.is_(None),
            QueueVisit.joined_at > now - timedelta(hours=8),
        )
        .order_by(QueueVisit.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    key, extension, pause = row
    silent = pause is not None and _silent(pause, now)
    return Talk(key, extension, silent, pause.done if pause is not None else None)


def pause_own(username: str, *, paused: bool, actor: Actor, now: datetime) -> Talk:
    """Have the recording of one's own talk silent, or heard again. Raises `NoTalk`."""
    talk = talk_of(username, now=now)
    if talk is None:
        raise NoTalk(_l("You are in no talk now."))
    row = session.get(RecordingPause, talk.call_key) or RecordingPause(call_key=talk.call_key)
    row.paused, row.at, row.by, row.done = paused, now, actor.ref[:80], None
    session.add(row)
    session.flush()
    audit.record(
        "call.recording_paused" if paused else "call.recording_resumed",
        actor=actor,
        now=now,
        subject_type="call_key",
        subject_id=talk.call_key,
    )
    live.touch(desk_topic(talk.extension))
    return Talk(talk.call_key, talk.extension, paused, None)


def wanted(keys: Collection[str], *, now: datetime) -> Mapping[str, bool]:
    """Which of these calls' recordings are to be silent, among those that were ever paused."""
    rows = session.scalars(sa.select(RecordingPause).where(RecordingPause.call_key.in_(keys)))
    return {row.call_key: _silent(row, now) for row in rows}


def carried_out(done: Mapping[str, bool]) -> None:
    """Note what was done, and tell the agents' pages."""
    for key, silent in done.items():
        session.execute(sa.update(RecordingPause).where(RecordingPause.call_key == key).values(done=silent))
        agent = session.scalar(sa.select(QueueVisit.agent).where(QueueVisit.call_key == key, QueueVisit.agent != ""))
        if agent:
            live.touch(desk_topic(agent))


def _silent(row: RecordingPause, now: datetime) -> bool:
    return row.paused and now < row.at + LONGEST
