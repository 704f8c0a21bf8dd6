"""One call with its time-line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.telephony.calls.models import Call, CallLeg, CallRecording, CallStep
from app.telephony.calls.queries.scope import number_shown, visible
from app.telephony.calls.queries.titles import kind_title, titles

MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class StepView:
    """A node that was passed; `title` and `kind_title` as its reader calls it, the title empty where it has none."""

    at: datetime
    flow: str
    node: str
    kind: str
    title: str
    kind_title: str
    exit: str
    input: str
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class LegView:
    """A party of the call."""

    kind: str
    party: str
    queue: str
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    result: str


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Something recorded; `playable` where its file is kept here, `lost` where nobody found it."""

    id: int
    kind: str
    name: str
    seconds: float
    playable: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class CallView:
    """All that is on record of a call, as the reader may see it."""

    id: int
    key: str
    direction: str
    number: str
    called: str
    account_no: str
    unit_path: str
    flow: str
    version: str
    language: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    cause: str
    outcome: str
    queue: str
    agent: str
    waited: int
    talked: int
    tags: Mapping[str, Any]
    steps: Sequence[StepView]
    more_steps: int
    legs: Sequence[LegView]
    recordings: Sequence[RecordingView]


def call_view(call_id: int, *, paths: Sequence[str], actor: Actor, now: datetime) -> CallView | None:
    """The call, or None where it is not there or not within the reader's units."""
    call = session.scalar(sa.select(Call).where(Call.id == call_id, visible(paths)))
    if call is None:
        return None
    steps = session.scalars(
        sa.select(CallStep).where(CallStep.call_id == call_id).order_by(CallStep.n).limit(MOST_STEPS)
    ).all()
    legs = session.scalars(sa.select(CallLeg).where(CallLeg.call_id == call_id).order_by(CallLeg.n)).all()
    recordings = session.scalars(
        sa.select(CallRecording).where(CallRecording.call_id == call_id).order_by(CallRecording.id)
    ).all()
    shown = number_shown(call.number, call.unit_path, actor=actor, now=now)
    return CallView(
        **{name: getattr(call, name) for name in _PLAIN},
        number=shown,
        tags=_readable(call.tags),
        steps=_steps(steps),
        more_steps=max(0, call.steps - len(steps)),
        legs=[
            LegView(
                leg.kind,
                shown if leg.kind == "caller" else leg.party,
                leg.queue,
                leg.offered_at,
                leg.answered_at,
                leg.ended_at,
                leg.result,
            )
            for leg in legs
        ],
        recordings=[
            RecordingView(
                entry.id,
                entry.kind,
                entry.name,
                entry.seconds,
                playable=entry.file_id is not None,
                lost=entry.file_id is None and not entry.path,
            )
            for entry in recordings
        ],
    )


def _steps(steps: Sequence[CallStep]) -> list[StepView]:
    named = titles((step.flow, step.version, step.node) for step in steps)
    return [
        StepView(
            at=step.at,
            flow=step.flow,
            node=step.node,
            kind=step.kind,
            title=named.get((step.flow, step.version, step.node), ""),
            kind_title=kind_title(step.kind),
            exit=step.exit,
            input=step.input,
            seconds=step.seconds,
            note=step.note,
        )
        for step in steps
    ]


def id_of(key: str, *, paths: Sequence[str]) -> int | None:
    """The call of a name of the switch's, within these units."""
    return session.scalar(sa.select(Call.id).where(Call.key == key[:80], visible(paths)))


def recording_of(recording_id: int, *, paths: Sequence[str]) -> tuple[int, Call] | None:
    """The stored file of a recording and its call, within these units."""
    row = session.execute(
        sa.select(CallRecording.file_id, Call)
        .join(Call, Call.id == CallRecording.call_id)
        .where(CallRecording.id == recording_id, CallRecording.file_id.is_not(None), visible(paths))
    ).first()
    return (row[0], row[1]) if row is not None and row[0] is not None else None


_PLAIN = (
    "id", "key", "direction", "called", "account_no", "unit_path", "flow", "version", "language", "began_at",
    "answered_at", "ended_at", "cause", "outcome", "queue", "agent", "waited", "talked",
)  # fmt: skip


def _readable(tags: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in tags.items()}
