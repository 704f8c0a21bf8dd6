"""Whom to send: the pure rule, by its properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outages.crews.model import Candidate, Job, Need, Proposal, Task, Terms
from app.outages.crews.rule import great_circle_km, rank
from tests.conftest import START

MINUTE = timedelta(minutes=1)
FACTORS = {
    "skill_missing": 240.0,
    "skill_lacking": 20.0,
    "equipment_missing": 120.0,
    "equipment_lacking": 15.0,
    "off_duty": 180.0,
    "shift_ends": 40.0,
    "repair": 90.0,
    "work_unknown": 60.0,
    "work_overdue": 15.0,
    "preempt": 10.0,
    "position_unknown": 20.0,
    "position_old": 5.0,
}
TERMS = Terms(road_factor=1.3, speed_kmh=25, minutes=FACTORS, position_fresh=20 * MINUTE)
JOB = Job(48.41, 7.77, 60, (Need("skill", "overhead_line", True), Need("equipment", "bucket", False)))
CREW = Candidate(
    crew_id=1,
    lat=48.45,
    lon=7.80,
    position_at=START,
    skills=frozenset({"overhead_line"}),
    equipment=frozenset({"bucket"}),
    on_duty=True,
    shift_ends=START + 8 * 60 * MINUTE,
)

minutes = st.integers(-300, 600).map(lambda count: START + count * MINUTE)
tasks = st.builds(Task, number=st.just("GD1"), priority=st.integers(0, 100), ends_at=st.none() | minutes)
crews = st.builds(
    Candidate,
    crew_id=st.integers(1, 1000),
    lat=st.floats(48, 49),
    lon=st.floats(7, 8),
    position_at=minutes,
    skills=st.frozensets(st.sampled_from(["overhead_line", "cable", "meter"])),
    equipment=st.frozensets(st.sampled_from(["bucket", "crane"])),
    on_duty=st.booleans(),
    shift_ends=st.none() | minutes,
    tasks=st.lists(tasks, max_size=3),
)
jobs = st.builds(
    Job,
    lat=st.floats(48, 49),
    lon=st.floats(7, 8),
    priority=st.integers(0, 100),
    needs=st.lists(
        st.builds(Need, kind=st.just("skill"), word=st.sampled_from(["overhead_line", "cable"]), must=st.booleans())
        | st.builds(Need, kind=st.just("equipment"), word=st.sampled_from(["bucket", "crane"]), must=st.booleans()),
        max_size=4,
    ),
)


def judge(job: Job, crew: Candidate) -> Proposal:
    return rank(job, [crew], TERMS, now=START)[0]


def test_the_distance_is_that_of_the_globe() -> None:
    assert great_circle_km((0, 0), (0, 90)) == pytest.approx(10007.557, abs=0.01)
    assert great_circle_km((48.0, 7.0), (48.0, 7.0)) == 0


def test_travel_is_the_distance_by_road_over_the_speed() -> None:
    found = judge(JOB, CREW)
    assert found.kilometres == pytest.approx(great_circle_km((48.45, 7.80), (48.41, 7.77)) * 1.3)
    assert found.kilometres is not None
    travel = next(reason for reason in found.reasons if reason.kind == "travel")
    assert travel.minutes == pytest.approx(found.kilometres / 25 * 60)
    assert {reason.kind for reason in found.reasons if reason.good} == {
        "skill_fits",
        "equipment_fits",
        "free",
        "on_shift",
    }


def test_one_without_the_skill_comes_behind_one_far_away_that_has_it() -> None:
    near = replace(CREW, crew_id=2, lat=48.41, lon=7.77, skills=frozenset())
    assert [one.crew_id for one in rank(JOB, [near, CREW], TERMS, now=START)] == [1, 2]


def test_lesser_work_is_put_aside_and_more_urgent_work_is_waited_for() -> None:
    lesser = replace(CREW, tasks=(Task("GD1", 30, START + 120 * MINUTE),))
    urgent = replace(CREW, tasks=(Task("GD2", 90, START + 120 * MINUTE),))
    free = judge(JOB, CREW).minutes
    assert judge(JOB, lesser).minutes == pytest.approx(free + 10)
    assert judge(JOB, urgent).minutes == pytest.approx(free + 120)


@given(job=jobs, found=st.lists(crews, max_size=8, unique_by=lambda crew: crew.crew_id), seed=st.integers())
def test_everybody_is_ranked_once_and_the_order_given_does_not_matter(
    job: Job, found: list[Candidate], seed: int
) -> None:
    ranked = rank(job, found, TERMS, now=START)
    assert sorted(one.crew_id for one in ranked) == sorted(crew.crew_id for crew in found)
    assert [one.minutes for one in ranked] == sorted(one.minutes for one in ranked)
    shuffled = list(found)
    Random(seed).shuffle(shuffled)
    assert rank(job, shuffled, TERMS, now=START) == ranked


@given(job=jobs, crew=crews)
def test_the_reasons_add_up_to_what_a_crew_counts(job: Job, crew: Candidate) -> None:
    found = judge(job, crew)
    assert found.minutes == pytest.approx(sum(reason.minutes for reason in found.reasons))
    assert all(reason.minutes >= 0 for reason in found.reasons)
    assert all(reason.minutes == 0 for reason in found.reasons if reason.good)


@given(job=jobs, crew=crews, share=st.floats(0, 1))
def test_nearer_is_never_worse(job: Job, crew: Candidate, share: float) -> None:
    assert job.lat is not None
    assert job.lon is not None
    assert crew.lat is not None
    assert crew.lon is not None
    nearer = replace(crew, lat=job.lat + (crew.lat - job.lat) * share, lon=job.lon + (crew.lon - job.lon) * share)
    assert judge(job, nearer).minutes <= judge(job, crew).minutes + 1e-6


@given(job=jobs, crew=crews, skill=st.sampled_from(["overhead_line", "cable"]))
def test_one_more_skill_is_never_worse(job: Job, crew: Candidate, skill: str) -> None:
    assert judge(job, replace(crew, skills=crew.skills | {skill})).minutes <= judge(job, crew).minutes


@given(job=jobs, crew=crews, task=tasks)
def test_one_more_task_is_never_better(job: Job, crew: Candidate, task: Task) -> None:
    assert judge(job, replace(crew, tasks=(*crew.tasks, task))).minutes >= judge(job, crew).minutes


@given(job=jobs, crew=crews)
def test_an_unknown_place_still_gives_an_answer(job: Job, crew: Candidate) -> None:
    found = judge(replace(job, lat=None), crew)
    assert found.kilometres is None
    assert "position_unknown" in {reason.kind for reason in found.reasons}
