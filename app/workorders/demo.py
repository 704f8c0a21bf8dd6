"""Demo orders in every stage, made by the real operations on a clock that runs through the last day and a half.

Each order follows a story of `demo_stories`: it does a step and says how long it waits for
the next. Steps of all orders happen in the order of time, and what is due between them
(warnings, callbacks) is fired as the clock process would; what would lie in the future
does not happen, so that orders stand everywhere on their way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.engine import api as engine
from app.identity import queries as people
from app.kernel import clock, db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.workorders import demo_kinds
from app.workorders.demo_stories import STORIES, Stage, Wait
from app.workorders.models import Crew, WorkOrder
from app.workorders.operations import (
    CrewData,
    VehicleData,
    report_position,
    save_crew,
    save_vehicle,
    set_day,
    set_duty,
    sync_codes,
)
from app.workorders.operations.shifts import monday
from app.workorders.operations.trace import Place
from app.workorders.spans import read

CREWS = (
    ("GM-LJ-QS", "城关抢修一班", "Chengguan Crew 1", "leader", ["crew"], "浙A·Q1201", "13957100103"),
    ("GM-LJ-QS", "柳河抢修二班", "Liuhe Crew 2", "leader2", ["crew2"], "浙A·Q1202", "13957100113"),
    ("GM-LJ-BH", "滨湖抢修班", "Binhu Crew", "leader3", ["crew3", "crew4"], "浙A·B2201", "13957100114"),
)
MEANS = {
    "leader": (
        ["overhead_line", "transformer", "switchgear"],
        "bucket_truck",
        ["bucket", "chainsaw"],
        (30.271, 120.146),
    ),
    "leader2": (["low_voltage", "transformer", "meter"], "repair_van", ["lighting", "infrared"], (30.249, 120.163)),
    "leader3": (["overhead_line", "transformer", "low_voltage"], "repair_van", ["generator"], (30.283, 120.158)),
}
"""Skills, vehicle with equipment, and where the crew stands, by its leader."""

BEFORE = timedelta(hours=40)
"""How long ago crews first said where they are: before the first order."""

SHIFTS = {"leader": ("08:00-20:00",), "leader2": ("08:00-20:00",), "leader3": ("00:00-24:00",)}

orders = AppGroup("orders", help="Work orders: code lists and demo orders.")


def load(*, scale: int = 1) -> int:
    """Make crews and `scale` dozens of orders where there are none yet; returns how many orders were made."""
    now = clock.now()
    load_crews()
    if session.scalar(sa.select(WorkOrder.id).limit(1)) is not None:
        session.rollback()
        return 0
    session.rollback()
    play(_stories(scale), now)
    demo_kinds.load(now)
    made = session.scalar(sa.select(sa.func.count()).select_from(WorkOrder)) or 0
    session.rollback()
    return made


def load_crews() -> None:
    """Code lists, and the crews that are not there yet with skills, vehicles, rosters and positions."""
    now = clock.now()
    db.run(lambda: sync_codes(actor=SYSTEM, now=now))
    db.run(lambda: _crews(now))


def _crews(now: datetime) -> None:
    known = set(session.scalars(sa.select(Crew.name)))
    for unit, name, name_en, leader, members, vehicle, phone in CREWS:
        if name in known or people.unit_by_code(unit, at=now) is None or people.user_view(leader) is None:
            continue
        data = CrewData(
            unit=unit, name=name, name_en=name_en, leader=leader, members=members, vehicle=vehicle, phone=phone
        )
        skills, kind, equipment, (lat, lon) = MEANS[leader]
        crew_id = save_crew(replace(data, skills=skills), actor=SYSTEM, now=now)
        set_duty(crew_id, on_duty=True, actor=SYSTEM, now=now)
        van = VehicleData(plate=vehicle, kind=kind, equipment=equipment)
        save_vehicle(crew_id, van, actor=SYSTEM, now=now)
        report_position(crew_id, Place(lat=lat, lon=lon, accuracy=20), actor=SYSTEM, now=now - BEFORE)
        today = now.astimezone(LOCAL).date()
        for ahead in range(14):
            day = monday(today) + timedelta(days=ahead)
            set_day(crew_id, day, [span for text in SHIFTS[leader] for span in read(text)], actor=SYSTEM, now=now)


def _stories(scale: int) -> list[tuple[timedelta, Iterator[Wait]]]:
    """(how long ago it begins, story); every further dozen begins some minutes earlier and elsewhere."""
    return [
        (timedelta(minutes=ago + 7 * dozen), story(Stage(dozen * len(STORIES) + place)))
        for dozen in range(scale)
        for place, (ago, story) in enumerate(STORIES)
    ]


def play(stories: list[tuple[timedelta, Iterator[Wait]]], now: datetime) -> None:
    """Play stories, each begun so long ago, in the order of time; what would lie after `now` does not happen."""
    tie = count()
    waiting = [(now - ago, next(tie), story) for ago, story in stories]
    heapq.heapify(waiting)
    while waiting:
        at, _tie, story = heapq.heappop(waiting)
        if at > now:
            continue
        _settle(at)
        wait = next(story, None)
        while wait is not None and not isinstance(wait, timedelta):
            step = wait
            db.run(lambda step=step, at=at: step(at))  # type: ignore[misc]
            wait = next(story, None)
        if wait is not None:
            heapq.heappush(waiting, (at + wait, next(tie), story))
    _settle(now)


def _settle(at: datetime) -> None:
    """What the clock process would have done by then."""
    while engine.fire_timers(at, limit=200) + jobs.run_due(at, 200):
        pass


@orders.command("sync")
def sync() -> None:
    """Load the code lists of standard.yaml."""
    changed = db.run(lambda: sync_codes(actor=SYSTEM, now=clock.now()))
    click.echo(f"codes: {changed} changed")


@orders.command("demo")
@click.option("--scale", default=1, show_default=True, type=click.IntRange(1, 1000), help="How many orders, in dozens.")
def demo(scale: int) -> None:
    """Make demo crews and orders in every stage."""
    click.echo(f"demo orders: {load(scale=scale)} made")
