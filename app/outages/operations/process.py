"""The process of an outage (`outage_unplanned`), by business key = number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.kernel import jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.outages.models import OVER, Outage
from app.outages.operations import locks
from app.outages.operations.deployed import is_deployed
from app.workorders.models import WorkOrder

GOING_ON = frozenset({"active", "suspended"})
"""States of a case of the engine that is not over."""

PROCESS = "outage_unplanned"
JOB = "outages.process"


def begin(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Start the process of a device or zone outage, or tell a running one where the outage stands now.

    A service outage is carried by its fault order alone, until it is confirmed.
    """
    if is_alone(outage):
        return
    if outage.instance_id is None:
        if not is_deployed(PROCESS, "bpmn"):  # without it outages are located all the same, and nobody is sent a task
            return
        title, title_en = titles(outage)
        instance = engine.start(
            PROCESS,
            data=variables(outage),
            business_key=outage.number,
            title=title,
            title_en=title_en,
            unit=outage.unit_code or None,
            actor=actor,
            now=now,
        )
        outage.instance_id = instance.id
        return
    title, title_en = titles(outage)
    engine.describe(
        outage.instance_id, title=title, title_en=title_en, unit=outage.unit_code or None, actor=actor, now=now
    )
    engine.set_variables(
        outage.instance_id,
        {"device": outage.device_code, "main_order": main_order(outage), "unit": outage.unit_code},
        reason="regrouped",
        actor=actor,
        now=now,
    )


def follow_later(outage: Outage, *, now: datetime) -> None:
    """Let a job start the process of a prediction, or tell it: calls of a storm do not wait for that."""
    if outage.instance_id is not None or not is_alone(outage):
        jobs.enqueue(JOB, {"outage": outage.id}, now=now)


def follow(outage_id: int, *, now: datetime) -> None:
    """Start the process of a prediction, or tell the running one where the prediction stands now or that it is over.

    Doing it again changes nothing.
    """
    where = session.execute(sa.select(Outage.feeder_code, Outage.zone).where(Outage.id == outage_id)).first()
    if where is None:
        return
    locks.alone(where.feeder_code, where.zone)
    outage = session.get_one(Outage, outage_id)
    session.refresh(outage)
    known = outage.instance_id is not None
    if outage.status in OVER:
        if known and outage.status == "cancelled":
            _tell(outage, "outage_cancelled", now=now)
        return
    if outage.locked:  # whoever locked it has told its process
        return
    begin(outage, actor=SYSTEM, now=now)
    if known:
        _tell(outage, "outage_regrouped", now=now)


def _tell(outage: Outage, message: str, *, now: datetime) -> None:
    engine.publish(message, correlation={"business_key": outage.number}, payload={}, actor=SYSTEM, now=now)


def is_alone(outage: Outage) -> bool:
    """Whether it is one customer's and not confirmed: its fault order alone carries it."""
    return outage.kind.endswith("_service") and not outage.locked


def end(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """End the process of a prediction that is over: nobody need act on it."""
    if outage.instance_id is not None and engine.get_instance(outage.instance_id).status in GOING_ON:
        engine.terminate(outage.instance_id, reason="withdrawn", actor=actor, now=now)


def variables(outage: Outage) -> dict[str, Any]:
    """What the diagram starts from."""
    return {
        "outage_id": outage.id,
        "number": outage.number,
        "unit": outage.unit_code,
        "device": outage.device_code,
        "main_order": main_order(outage),
    }


def main_order(outage: Outage) -> str:
    """The number of the main repair order, empty before there is one."""
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id is not None else None
    return order.number if order else ""


def titles(outage: Outage) -> tuple[str, str]:
    """What the tasks are called: number and device."""
    where = outage.device_name or outage.zone or outage.feeder_name
    english = outage.device_name_en or outage.device_name or outage.zone or outage.feeder_name_en or outage.feeder_name
    return f"停电 {outage.number} {where}".strip(), f"Outage {outage.number} {english}".strip()
