"""Storm mode (大面积停电应急): begun by hand or on a proposal, it aggregates the outages of a unit and all below it.

While it holds, location takes other thresholds (`storm_mode`), limits and notices other rows of their tables, the
line greets its callers otherwise. It ends with a summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.numbering import next_number
from app.outages import hooks
from app.outages.models import OVER, Outage, OutageStorm
from app.outages.operations import etr, storm_mode, trace
from app.outages.operations.restoring import BACK
from app.outages.queries.storms import Counts, counts_of, last_declined, running_at, running_of, summary_of
from app.outages.rights import STORM

PROCESS = "storm"
PREFIX = "YJ"
TOPIC = "storms"


class StormRunning(Conflict):
    """A storm of this unit is proposed or going on already."""

    code = "storm_running"


class StormNotBegun(Conflict):
    """The storm is only proposed, or over already."""

    code = "storm_not_begun"


class NoStorm(NotFound):
    code = "storm_not_found"


def begin(unit_code: str, *, name: str, note: str = "", actor: Actor, now: datetime) -> str:
    """Begin storm mode for a unit and all below it; returns its number. Right `outage.storm` there.

    Raises `Invalid`, `Forbidden`, `StormRunning`.
    """
    unit = _unit(unit_code, now)
    authority.require(actor, STORM, unit_path=unit.path, now=now)
    if not name.strip():
        message = _l("Give the storm a name.")
        raise Invalid(message, errors={"name": [message]})
    return _start(unit, proposal=False, name=name.strip()[:80], note=note, actor=actor, now=now).number


def propose(unit: UnitView, *, actor: Actor, now: datetime) -> str | None:
    """Ask the supervisor whether to begin, where the table `storm_proposal` says so; returns the number or None.

    What was declined (or lapsed) is asked again only after the table's time, or once it has grown by its factor.
    """
    if running_of(unit.path) is not None:
        return None
    counts = counts_of(unit.path, now=now)
    inputs = {"outages": counts.outages, "customers_out": counts.customers_out, "calls_hour": counts.calls_hour}
    decided = engine.decide("storm_proposal", inputs, now=now, record=False).result
    if not decided["propose"] or _answered(unit, counts, decided, now):
        return None
    return _start(unit, proposal=True, name="", note=str(decided["reason"]), actor=actor, now=now).number


def _answered(unit: UnitView, counts: Counts, decided: Mapping[str, Any], now: datetime) -> bool:
    """Whether the same was proposed not long ago and nobody began it."""
    last = last_declined(unit.path)
    if last is None or last.ended_at is None:
        return False
    if engine.due_instant(str(decided["again_after"]), last.ended_at) <= now:
        return False
    factor, then = float(decided["again_growth"]), last.facts
    grown = (n >= factor * then[name] for name, n in counts.plain().items() if name in GROWS and then.get(name))
    return not any(grown)


GROWS = ("outages", "customers_out", "calls_hour")
"""Counts of which one that has grown is a reason to ask again."""


def end(number: str, *, note: str = "", actor: Actor, now: datetime) -> None:
    """End it from the board. Right `outage.storm`. Raises `NoStorm`, `Forbidden`, `StormNotBegun`."""
    storm = by_number(number)
    authority.require(actor, STORM, unit_path=storm.unit_path, now=now)
    if storm.state != "active":
        raise StormNotBegun(_l("Storm mode %(number)s does not hold: it is decided as a task.", number=storm.number))
    payload = {"end_note": note.strip()[:500]}
    engine.publish("storm_ended", correlation={"storm_id": storm.id}, payload=payload, actor=actor, now=now)


def mass_etr(
    number: str, unit_code: str, etr_at: datetime, *, overwrite: bool = False, actor: Actor, now: datetime
) -> int:
    """One estimate for all outages of an area in a storm; returns how many took it. Right `outage.storm`.

    Estimates that a crew or a dispatcher gave stay, unless `overwrite`. Raises `NoStorm`, `Forbidden`, `Invalid`.
    """
    storm = by_number(number)
    unit = _unit(unit_code, now)
    authority.require(actor, STORM, unit_path=storm.unit_path, now=now)
    if not unit.path.startswith(storm.unit_path):
        raise Invalid(_l("This unit lies outside the storm."), errors={"etr_unit": [unit_code]})
    return estimate_all(storm, unit.path, etr_at, overwrite=overwrite, actor=actor, now=now)


def estimate_all(
    storm: OutageStorm, path: str, etr_at: datetime, *, overwrite: bool, actor: Actor, now: datetime
) -> int:
    """`mass_etr` without asking for the right."""
    query = sa.select(Outage).where(
        Outage.storm_id == storm.id,
        Outage.unit_path.startswith(path, autoescape=True),
        Outage.status.not_in(OVER | BACK),
        Outage.nature == "unplanned",
    )
    if not overwrite:
        query = query.where(Outage.etr_source.not_in(("crew", "dispatcher")))
    changed = 0
    for outage in session.scalars(query.order_by(Outage.id)).all():
        changed += etr.estimate(outage, etr_at, source="mass", note=storm.name, actor=actor, now=now)
    live.touch(TOPIC)
    return changed


def mark_begun(storm: OutageStorm, *, name: str, actor: Actor, now: datetime) -> None:
    """Storm mode holds from now: the outages of the area belong to it, the line greets by the storm's words."""
    storm.state, storm.began_at, storm.began_by = "active", now, actor.ref
    storm.name = name[:80] or storm.name
    unit = people.unit_by_code(storm.unit_code, at=now)
    if not storm.greeting:
        storm.greeting = (
            f"受{storm.name}影响，{unit.name if unit else ''}辖区部分用户停电，抢修人员正在全力抢修，请您耐心等待。"
        )
        cause = storm.name if storm.name.isascii() else "severe weather"  # spoken by an English voice
        storm.greeting_en = (
            f"Because of {cause}, supply is interrupted in parts of {unit.name_en if unit else ''}."
            " Our crews are at work; thank you for your patience."
        )
    session.flush()
    _take_in(storm, actor=actor, now=now)
    _audit("storm.begun", storm, actor=actor, now=now)
    live.touch(TOPIC, "outages")


def mark_declined(storm: OutageStorm, *, note: str, actor: Actor, now: datetime) -> None:
    """Nobody begins it."""
    storm.state, storm.ended_at, storm.ended_by = "declined", now, actor.ref
    storm.note = note[:500] or storm.note
    _audit("storm.declined", storm, actor=actor, now=now)
    live.touch(TOPIC)
    session.flush()


def mark_ended(storm: OutageStorm, *, note: str, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Storm mode is over: what was counted is kept. Outages still under way stay with it and go on."""
    if storm.state == "ended":
        return storm.summary
    storm.state, storm.ended_at, storm.ended_by = "ended", now, actor.ref
    storm.note = note[:500] or storm.note
    storm.summary = summary_of(storm, now=now)
    _audit("storm.ended", storm, actor=actor, now=now)
    live.touch(TOPIC, "outages")
    session.flush()
    return storm.summary


def set_greeting(storm: OutageStorm, text: str, text_en: str, *, actor: Actor, now: datetime) -> None:
    """What the line says first."""
    storm.greeting, storm.greeting_en = text.strip()[:300], text_en.strip()[:300]
    _audit("storm.greeting", storm, actor=actor, now=now)
    live.touch(TOPIC)
    session.flush()


def join_new(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    """An outage that begins in a storm belongs to it (a follower of `hooks`)."""
    if outage.storm_id is None and outage.nature == "unplanned":
        storm = storm_mode.storm_of(outage.unit_path, now)
        if storm is not None:
            outage.storm_id = storm
            trace.event(outage, "storm", actor=actor, now=now)


def storm_id_at(unit_path: str, _now: datetime) -> int | None:
    """The storm that holds at a unit: for the thresholds of location."""
    return running_at(unit_path)


def by_number(number: str) -> OutageStorm:
    """The storm of this number; raises `NoStorm`."""
    found = session.scalar(sa.select(OutageStorm).where(OutageStorm.number == number.strip()))
    if found is None:
        raise NoStorm(_l("There is no storm %(number)s.", number=number))
    return found


def lapse_after(now: datetime) -> str:
    """How long a proposal stands (an ISO duration), from the table."""
    inputs = {"outages": 0, "customers_out": 0, "calls_hour": 0}
    return str(engine.decide("storm_proposal", inputs, now=now, record=False).result["lapse_after"])


def _start(unit: UnitView, *, proposal: bool, name: str, note: str, actor: Actor, now: datetime) -> OutageStorm:
    if running_of(unit.path) is not None:
        raise StormRunning(_l("Storm mode of this area is proposed or holds already."))
    counts = counts_of(unit.path, now=now)
    storm = OutageStorm(
        number=next_number(PREFIX, now=now),
        unit_code=unit.code,
        unit_path=unit.path,
        name=name,
        state="proposed",
        asked_at=now,
        asked_by=actor.ref,
        note=note[:500],
        facts=counts.plain(),
    )
    session.add(storm)
    session.flush()
    lead = people.nearest_staffed("supervisor", unit.path, at=now)
    instance = engine.start(
        PROCESS,
        data={
            "storm_id": storm.id,
            "number": storm.number,
            "unit": unit.code,
            "lead_unit": lead.code if lead else unit.code,
            "proposal": proposal,
            "storm_name": name,
            "area": unit.name,
            "area_en": unit.name_en,
            "lapse_after": lapse_after(now),
            **counts.words(),
        },
        business_key=storm.number,
        title=f"大面积停电应急：{unit.name}{name}",
        title_en=f"Storm mode: {unit.name_en} {name}".strip(),
        unit=unit.code,
        priority=95,
        search=f"{storm.number} {unit.name} {name}",
        actor=actor,
        now=now,
    )
    storm.instance_id = instance.id
    session.flush()
    live.touch(TOPIC)
    return storm


def _take_in(storm: OutageStorm, *, actor: Actor, now: datetime) -> None:
    rows = session.scalars(
        sa.select(Outage).where(
            Outage.unit_path.startswith(storm.unit_path, autoescape=True),
            Outage.nature == "unplanned",
            Outage.storm_id.is_(None),
            Outage.status.not_in(OVER | BACK),
            Outage.started_at >= now - timedelta(days=2),
        )
    ).all()
    for outage in rows:
        outage.storm_id = storm.id
        trace.event(outage, "storm", actor=actor, now=now, params={"storm": storm.number, "name": storm.name})
        session.flush()
        hooks.emit("changed", outage, actor=actor, now=now)


def _unit(code: str, now: datetime) -> UnitView:
    unit = people.unit_by_code(code, at=now)
    if unit is None:
        message = _l("There is no such unit.")
        raise Invalid(message, errors={"unit": [message]})
    return unit


def _audit(action: str, storm: OutageStorm, *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="storm",
        subject_id=storm.number,
        unit_path=storm.unit_path,
        details={"name": storm.name},
    )
