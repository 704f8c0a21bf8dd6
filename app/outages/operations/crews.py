"""Whom to send to an outage: a ranked proposal with reasons, and the dispatcher's decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.outages import hooks
from app.outages.crews.model import Candidate, Job, Need, Proposal, Solver, Task, Terms
from app.outages.crews.rule import rank
from app.outages.models import Outage
from app.outages.operations import trace
from app.outages.operations.find import by_number, open_outage
from app.outages.places import place_of
from app.outages.rights import READ
from app.workorders.crew_rules import crew_rules
from app.workorders.models import Crew, WorkOrder
from app.workorders.operations import sending
from app.workorders.operations.dispatch import serving
from app.workorders.queries.crew_work import Work, work_of
from app.workorders.queries.crews import CrewView, views_of
from app.workorders.queries.roster import shifts_now

PLAN_STATES = frozenset({"drafted", "reviewed", "approved", "noticed"})


class NoOrderYet(Conflict):
    """Nobody has confirmed the outage: it has no main repair order that a crew could take."""

    code = "outage_without_order"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A crew with its rank (from 1), what it does now, and why it stands there."""

    rank: int
    crew: CrewView
    work: tuple[Work, ...]
    proposal: Proposal
    sent: bool


_solver: list[Solver] = [rank]


def use(solver: Solver) -> None:
    """Rank by another solver from now on."""
    _solver[0] = solver


def propose(number: str, *, actor: Actor, now: datetime) -> list[Proposed]:
    """The crews that serve the outage's unit, the best first. Raises `OutageNotFound`, `Forbidden`."""
    outage = by_number(number)
    authority.require(actor, READ, unit_path=outage.unit_path, now=now)
    return _ranked(outage, now=now)


def assign(
    number: str, crew_id: int, *, note: str = "", revision: int | None = None, actor: Actor, now: datetime
) -> None:
    """Send a crew: its main repair order is dispatched, or taken off another crew and dispatched anew.

    The crew then takes it or gives it back, as with every order. Why the crew was proposed is kept in the
    outage's time-line. Raises `Forbidden` (right `order.dispatch`), `OutageNotFound`, `OutageOver`,
    `OutageChanged`, `NoOrderYet`, and what `workorders.operations.sending.send` raises.
    """
    outage = open_outage(number, revision=revision)
    authority.require(actor, "order.dispatch", unit_path=outage.unit_path, now=now)
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id else None
    if order is None:
        raise NoOrderYet(_l("Confirm outage %(number)s first: it has no repair order yet.", number=outage.number))
    chosen = next((one for one in _ranked(outage, now=now) if one.crew.id == crew_id), None)
    sending.send(order.number, crew_id, note=note, actor=actor, now=now)
    session.flush()
    _keep(outage, crew_id, chosen, actor=actor, now=now)


def _keep(outage: Outage, crew_id: int, chosen: Proposed | None, *, actor: Actor, now: datetime) -> None:
    crew = session.get_one(Crew, crew_id)
    params: dict[str, Any] = {"crew": crew.name, "crew_en": crew.name_en or crew.name}
    if chosen is not None:
        reasons = [{"kind": r.kind, "minutes": round(r.minutes, 1), **r.params} for r in chosen.proposal.reasons]
        params |= {"rank": chosen.rank, "minutes": round(chosen.proposal.minutes), "reasons": reasons}
    trace.event(outage, "crew_chosen", actor=actor, now=now, params=params)
    if outage.crew_id != crew_id:
        outage.crew_id = crew_id
        session.flush()
    hooks.emit("changed", outage, actor=actor, now=now)


def _ranked(outage: Outage, *, now: datetime) -> list[Proposed]:
    rows = list(session.scalars(sa.select(Crew).where(Crew.active, serving(outage.unit_path)).order_by(Crew.id)))
    crews = {view.id: view for view in views_of(rows)}
    work = work_of(list(crews))
    shifts = shifts_now(list(crews), at=now)
    unit = people.unit_by_code(outage.unit_code, at=now)
    candidates = [
        Candidate(
            crew_id=crew.id,
            lat=crew.position.lat if crew.position else None,
            lon=crew.position.lon if crew.position else None,
            position_at=crew.position.at if crew.position else None,
            skills=frozenset(crew.skills),
            equipment=frozenset(_on_board(crew)),
            on_duty=crew.on_duty,
            shift_ends=shifts[crew.id].ends_at if crew.id in shifts else None,
            tasks=tuple(
                Task(one.number, one.priority, one.ends_at)
                for one in work.get(crew.id, ())
                if one.order_id != outage.main_order_id
            ),
        )
        for crew in crews.values()
    ]
    ranked = _solver[0](job_of(outage, now=now), candidates, terms(unit.area or "" if unit else "", now=now), now=now)
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id else None
    return [
        Proposed(
            place,
            crews[one.crew_id],
            tuple(work.get(one.crew_id, ())),
            one,
            order is not None and order.crew_id == one.crew_id,
        )
        for place, one in enumerate(ranked, 1)
    ]


def _on_board(crew: CrewView) -> Iterator[str]:
    for vehicle in crew.vehicles:
        if vehicle.state == "ready":
            yield from vehicle.equipment


def job_of(outage: Outage, *, now: datetime) -> Job:
    """What the outage asks of a crew, by the table `crew_needs`."""
    place = place_of(outage, now=now)
    inputs = {"device_kind": outage.device_kind, "nature": outage.nature, "hazard": outage.hazard}
    found = engine.decide("crew_needs", inputs, now=now, record=False).result or []
    needs = tuple(Need(row["kind"], row["word"], bool(row["must"])) for row in found)
    lat, lon = place if place else (None, None)
    return Job(lat, lon, outage.priority, needs)


def terms(area: str, *, now: datetime) -> Terms:
    """The numbers of an area, by the tables `crew_travel` and `crew_minutes`."""
    travel = engine.decide("crew_travel", {"area": area}, now=now, record=False).result
    rows = engine.decide("crew_minutes", {"area": area}, now=now, record=False).result or []
    return Terms(
        road_factor=float(travel["road_factor"]),
        speed_kmh=float(travel["speed_kmh"]),
        minutes={row["factor"]: float(row["minutes"]) for row in rows},
        position_fresh=crew_rules().stale,
    )
