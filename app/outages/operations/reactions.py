"""What follows what: outages tell their processes, repair orders tell their outages, arrears stops are recorded.

Registered once at start (`follow`). All of it happens in the transaction that causes it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.billing.operations import cut_off_hooks
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages import hooks
from app.outages.models import OVER, Outage
from app.outages.operations import arrears_stops, closing, crew_progress, notices, process, storm_mode, storms, telling
from app.outages.operations.restoring import tell
from app.workorders import hooks as orders
from app.workorders.hooks import Happened

TOLD_OF = frozenset({"crew", "dispatcher", "mass"})
"""Sources of an estimate whose change is a notice; the rule's goes out with the confirmation, a plan's with it."""


def follow() -> None:
    """Listen to outages and to orders."""
    hooks.on("confirmed", _confirmed)
    hooks.on("regrouped", _regrouped)
    hooks.on("restored", _restored)
    hooks.on("closed", _closed)
    hooks.on("etr", _estimated)
    hooks.on("created", storms.join_new)
    orders.follow(_order_moved)
    cut_off_hooks.follow(arrears_stops.follow)
    hooks.on("restored", arrears_stops.after)
    telling.register()
    storm_mode.register(storms.storm_id_at)


def _confirmed(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    crew_state = crew_progress.catch_up(outage, actor=actor, now=now)
    tell(outage, "outage_confirmed", {"judgement": "outage"}, actor=actor, now=now)
    if crew_state:
        tell(outage, "crew_moved", {"crew_state": crew_state}, actor=actor, now=now)


def _regrouped(outage: Outage, /, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001
    if not outage.locked and outage.status not in OVER:
        process.follow_later(outage, now=now)


def _restored(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    if outage.status == "restored" and closing.is_by_hand(outage):
        closing.close(outage, actor=actor, now=now)


def _closed(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    if outage.status != "cancelled":
        return
    if outage.nature == "unplanned":  # a planned one tells its cancellation
        if outage.joined_into_id is None:
            notices.take_back(outage, actor=actor, now=now)
        else:
            notices.stop_telling(outage, now=now)
    if outage.locked:
        tell(outage, "outage_cancelled", {}, actor=actor, now=now)
    elif outage.instance_id is not None:
        process.follow_later(outage, now=now)


def _estimated(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    if outage.nature == "unplanned" and outage.locked and outage.etr_source in TOLD_OF:
        notices.enter(outage, "etr", actor=actor, now=now)


def _order_moved(happened: Happened, actor: Actor, now: datetime) -> None:
    """A repair order moved on: so did the outage whose main order it is."""
    if happened.category != "fault_repair" or happened.kind not in crew_progress.KINDS:
        return
    query = sa.select(Outage).where(Outage.main_order_id == happened.order_id, Outage.status.not_in(OVER))
    for outage in session.scalars(query).all():
        crew_progress.note(outage, happened, actor=actor, now=now)
