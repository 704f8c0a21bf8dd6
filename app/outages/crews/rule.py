"""The simple rule: minutes until work can begin. Travel, and what each circumstance counts; the least comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from app.outages.crews.model import Candidate, Job, Proposal, Reason, Terms

TRAVEL = frozenset({"travel", "position_unknown"})

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def rank(job: Job, candidates: Sequence[Candidate], terms: Terms, *, now: datetime) -> tuple[Proposal, ...]:
    """All candidates, the one that can begin soonest first; equal ones by their id."""
    proposals = [_judge(job, candidate, terms, now=now) for candidate in candidates]
    return tuple(sorted(proposals, key=lambda one: (one.minutes, one.crew_id)))


def great_circle_km(one: tuple[float, float], two: tuple[float, float]) -> float:
    """The distance over ground of two places in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, two))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _judge(job: Job, crew: Candidate, terms: Terms, *, now: datetime) -> Proposal:
    kilometres = _kilometres(job, crew, terms)
    reasons = [
        *_travel(kilometres, crew, terms, now=now),
        *_duty(crew, terms),
        *_abilities(job, crew, terms),
        *_work(job, crew, terms, now=now),
    ]
    travel = sum(reason.minutes for reason in reasons if reason.kind in TRAVEL)
    reasons += _shift(crew, terms, now=now, arrives=now + timedelta(minutes=travel))
    return Proposal(crew.crew_id, sum(reason.minutes for reason in reasons), kilometres, tuple(reasons))


def _kilometres(job: Job, crew: Candidate, terms: Terms) -> float | None:
    if job.lat is None or job.lon is None or crew.lat is None or crew.lon is None:
        return None
    return great_circle_km((crew.lat, crew.lon), (job.lat, job.lon)) * terms.road_factor


def _travel(kilometres: float | None, crew: Candidate, terms: Terms, *, now: datetime) -> Iterator[Reason]:
    if kilometres is None:
        yield Reason("position_unknown", terms.minutes["position_unknown"])
        return
    yield Reason("travel", kilometres / terms.speed_kmh * 60, {"km": round(kilometres, 1)})
    if crew.position_at is not None and now - crew.position_at > terms.position_fresh:
        age = (now - crew.position_at).total_seconds() // 60
        yield Reason("position_old", terms.minutes["position_old"], {"age": int(age)})


def _duty(crew: Candidate, terms: Terms) -> Iterator[Reason]:
    if not crew.on_duty:
        yield Reason("off_duty", terms.minutes["off_duty"])


def _shift(crew: Candidate, terms: Terms, *, now: datetime, arrives: datetime) -> Iterator[Reason]:
    if crew.on_duty and crew.shift_ends is not None:
        left = int((crew.shift_ends - now).total_seconds() // 60)
        if arrives + timedelta(minutes=terms.minutes["repair"]) > crew.shift_ends:
            yield Reason("shift_ends", terms.minutes["shift_ends"], {"left": max(0, left)})
        else:
            yield Reason("on_shift", 0.0, {"left": left}, good=True)


def _abilities(job: Job, crew: Candidate, terms: Terms) -> Iterator[Reason]:
    musts = {(need.kind, need.word): False for need in job.needs}
    for need in job.needs:
        musts[need.kind, need.word] |= need.must
    for (kind, word), must in musts.items():
        if word in (crew.skills if kind == "skill" else crew.equipment):
            yield Reason(f"{kind}_fits", 0.0, {"word": word}, good=True)
        else:
            name = f"{kind}_{'missing' if must else 'lacking'}"
            yield Reason(name, terms.minutes[name], {"word": word})


def _work(job: Job, crew: Candidate, terms: Terms, *, now: datetime) -> Iterator[Reason]:
    if not crew.tasks:
        yield Reason("free", 0.0, good=True)
    for task in crew.tasks:
        if task.priority < job.priority:
            yield Reason("preempt", terms.minutes["preempt"], {"number": task.number})
        elif task.ends_at is None:
            yield Reason("work_unknown", terms.minutes["work_unknown"], {"number": task.number})
        elif task.ends_at <= now:
            yield Reason("work_overdue", terms.minutes["work_overdue"], {"number": task.number})
        else:
            left = (task.ends_at - now).total_seconds() / 60
            yield Reason("work", max(left, terms.minutes["work_overdue"]), {"number": task.number})
