"""The process of an outage (`outage_unplanned`), by business key = number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.engine import api as engine
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.outages.models import Outage
from app.workorders.models import WorkOrder

PROCESS = "outage_unplanned"


def begin(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Start the process of a device or zone outage, or tell a running one where the outage stands now.

    A service outage is carried by its fault order alone, until it is confirmed.
    """
    if outage.kind.endswith("_service") and not outage.locked:
        return
    if outage.instance_id is None:
        if not _deployed():
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


def end(outage: Outage, *, actor: Actor, now: datetime) -> None:
    """End the process of a prediction that is over: nobody need act on it."""
    if outage.instance_id is not None and engine.get_instance(outage.instance_id).status == "running":
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
    return f"停电 {outage.number} {where}".strip(), f"Outage {outage.number} {where}".strip()


def _deployed() -> bool:
    """Whether the diagram is there: without it outages are located all the same, and nobody is sent a task."""
    try:
        engine.get_definition(PROCESS)
    except NotFound:
        return False
    return True
