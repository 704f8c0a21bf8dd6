"""Outages through the API: which there are, trouble reports, signals of meters."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE

from app.api import outage_schemas as io
from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.actor import Actor
from app.network import grid as network
from app.outages import explaining
from app.outages.operations import signals, trouble
from app.outages.operations.signals import Signal
from app.outages.operations.trouble import Trouble
from app.outages.queries import outage_view
from app.outages.queries.details import behind
from app.outages.queries.listing import list_outages
from app.outages.rights import READ
from app.web.access import requires
from app.web.security import limiter

blueprint = Blueprint("outages_api", "outages_api", url_prefix=f"{PREFIX}/outages", description="Outages")

NOWHERE = "/-/"
"""A path below which nothing lies: the answer for a unit that does not exist."""


@blueprint.get("")
@requires("outage.read")
@blueprint.arguments(io.OutageQuery, location="query", unknown=RAISE)
@blueprint.response(200, io.OutageList)
@blueprint.alt_response(422, schema=Problem)
def outages(query: dict[str, Any]) -> dict[str, Any]:
    """Outages the caller may see, the newest first; page by `after`."""
    actor, now = current_actor(), clock.now()
    unit = people.unit_by_code(query["unit"], at=now) if query["unit"] else None
    page = list_outages(
        authority.paths(actor, READ, now=now),
        active=query["active"],
        unit_path=(unit.path if unit else NOWHERE) if query["unit"] else "",
        feeder=query["feeder"],
        nature=query["nature"],
        after=query["after"],
        limit=query["limit"],
    )
    return {"outages": [asdict(row) for row in page.rows], "after": page.after}


@blueprint.get("/<number>")
@requires("outage.read")
@blueprint.response(200, io.OutageDetail)
@blueprint.alt_response(404, schema=Problem)
def outage(number: str) -> dict[str, Any]:
    """One outage, with the reasons of its place."""
    actor, now = current_actor(), clock.now()
    found = outage_view(number, actor=actor, now=now)
    grid = network.current(now)
    why = explaining.explain(found.why, grid.called)
    kept = dict(found.why)
    main = behind(found, actor=actor, now=now).main_order
    return asdict(found) | {"main_order": main, "why": why, "why_kept": kept}


@blueprint.post("/trouble")
@requires("outage.report", "order.create")
@limiter.limit("6000/minute")
@blueprint.arguments(io.NewTrouble)
@blueprint.response(201, io.PlacedTrouble, description="A new report")
@blueprint.alt_response(200, schema=io.PlacedTrouble, description="The same report was taken before")
@blueprint.alt_response(422, schema=Problem, description="Fields that do not fit, by name")
def report_trouble(sent: dict[str, Any]) -> Any:
    """Report that somebody is without power: the report is screened and located at once."""
    actor, now = current_actor(), clock.now()
    unit = _unit_of(actor, now)
    placed = trouble.report(
        Trouble(
            source=sent["source"],
            key=f"{actor.ref}:{sent['key']}"[-120:],
            account_no=sent["account_no"],
            phone=sent["phone"],
            address=sent["address"],
            zone=sent["zone"],
            transformer_code=sent["transformer"],
            device_at=sent["at"],
            sent_at=sent["sent_at"],
            unit_code=unit.code if unit else "",
            unit_path=unit.path if unit else "",
        ),
        actor=actor,
        now=now,
    )
    answer = {
        "call_id": placed.call_id,
        "outage": placed.outage_number,
        "screening": placed.screening,
        "said": explaining.screening(placed.screening, placed.why),
    }
    return answer, 201 if placed.new else 200


def _unit_of(actor: Actor, now: datetime) -> UnitView | None:
    """Whose dispatchers look after callers whom nobody knows: the client's own unit, else the one at the top."""
    user = people.user_view(actor.id) if actor.id is not None else None
    own = people.unit_view(user.unit_id) if user is not None and user.unit_id is not None else None
    return own or next(iter(people.subtree(at=now)), None)


@blueprint.post("/meter-signals")
@requires("outage.report")
@limiter.limit("600/minute")
@blueprint.arguments(io.MeterSignals)
@blueprint.response(200, io.TakenSignals)
@blueprint.alt_response(422, schema=Problem)
def meter_signals(sent: dict[str, Any]) -> dict[str, Any]:
    """Last gasps, returns of power and answers to pings, in batches; a signal sent again changes nothing."""
    actor, now = current_actor(), clock.now()
    taken = signals.receive(
        [
            Signal(
                key=f"{actor.ref}:{each['key']}"[-120:],
                meter_no=each["meter"],
                kind=each["kind"],
                device_at=each["at"],
            )
            for each in sent["signals"]
        ],
        sent_at=sent["sent_at"],
        actor=actor,
        now=now,
    )
    return {"written": taken.written, "known": taken.known, "unknown_meters": list(taken.unknown)}
