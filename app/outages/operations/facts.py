"""What the diagrams know of an outage: the variables they branch, address, time and show by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.kernel.db import session
from app.kernel.i18n import format_when, in_locale
from app.network import grid
from app.outages.models import Outage, OutageCustomer, OutageCut
from app.outages.queries.handling import stretches
from app.workorders.models import Crew, WorkOrder

POSTS = {
    "dispatch_unit": "dispatcher",
    "lead_unit": "supervisor",
    "callback_unit": "callback",
    "plan_unit": "outage_planner",
    "mode_unit": "grid_planner",
    "manager_unit": "account_manager",
}
"""The words of the diagrams' candidate groups, and whose nearest unit they name."""

MOST_DEVICES = 20


def posts_of(outage: Outage, *, now: datetime) -> dict[str, str]:
    """For each post the unit of the outage, or the nearest above it, where somebody holds it."""
    found: dict[str, str] = {}
    for name, post in POSTS.items():
        unit = people.nearest_staffed(post, outage.unit_path, at=now)
        found[name] = unit.code if unit else outage.unit_code
    return found


def facts(outage: Outage, *, now: datetime) -> dict[str, Any]:
    """The outage as its process sees it now."""
    crew = session.get(Crew, outage.crew_id) if outage.crew_id else None
    return {
        **posts_of(outage, now=now),
        **_words(outage),
        "outage_id": outage.id,
        "number": outage.number,
        "nature": outage.nature,
        "kind": outage.kind,
        "unit": outage.unit_code,
        "crew_unit": crew.unit_code if crew else outage.unit_code,
        "place": outage.device_name or outage.device_code or outage.zone,
        "customers": outage.customers_total,
        "customers_out": outage.customers_out,
        "calls": outage.calls,
        "important": outage.important,
        "important_level": outage.important_level,
        "storm": outage.storm_id is not None,
        "priority": outage.priority,
        "etr_minutes": minutes_left(outage, now),
    }


def minutes_left(outage: Outage, now: datetime) -> int:
    """From now to the estimate; 0 where there is none or it has passed."""
    left = (outage.etr_at - now).total_seconds() if outage.etr_at else 0
    return max(0, int(left // 60))


def watches(outage: Outage, *, now: datetime) -> dict[str, str]:
    """When somebody should be on site (from the confirmation) and when the estimate is asked for (from now)."""
    inputs = {
        "area": _area(outage, now),
        "important_level": outage.important_level,
        "storm": outage.storm_id is not None,
    }
    decided = engine.decide("outage_watch", inputs, now=now).result
    arrive = engine.due_instant(decided["arrive_within"], outage.confirmed_at or now)
    ask = engine.due_instant(decided["etr_within"], now)
    return {"arrive_watch": max(arrive, now + timedelta(minutes=1)).isoformat(), "etr_ask_until": ask.isoformat()}


def device_options(outage: Outage, *, now: datetime) -> list[dict[str, str]]:
    """The devices a dispatcher may confirm: the one located, those above it, those just below."""
    seen = grid.current(now)
    code = outage.device_code
    if not code or not seen.has(code):
        return (
            [{"value": code, "label": outage.device_name or code, "label_en": outage.device_name_en or code}]
            if code
            else []
        )
    codes = [code, *seen.upstream(code), *seen.children(code)]
    return [option(seen.info(one)) for one in dict.fromkeys(codes[:MOST_DEVICES])]


def step_options(outage: Outage, *, now: datetime) -> list[dict[str, str]]:
    """What of a planned outage may have supply again: switches with a part below them, then its transformers.

    With the customers that are out there in any outage: who is out in a fault needs the plan's end too.
    """
    seen = grid.current(now)
    out = [(code, seen.info(code).name, n) for code, n in _still_cut(outage) if seen.has(code)]
    parts = [(view.code, view.customers) for view in stretches(out, now=now)[:MOST_DEVICES]]
    return [option(seen.info(code), n) for code, n in (*parts, *((code, n) for code, _name, n in out))]


def _still_cut(outage: Outage) -> list[tuple[str, int]]:
    """The transformers the plan keeps without supply, with how many customers are out there."""
    query = (
        sa.select(OutageCut.transformer_code, sa.func.count(OutageCustomer.id))
        .outerjoin(
            OutageCustomer,
            sa.and_(OutageCustomer.transformer_code == OutageCut.transformer_code, OutageCustomer.active),
        )
        .where(OutageCut.outage_id == outage.id, OutageCut.restored_at.is_(None))
        .group_by(OutageCut.transformer_code)
        .order_by(OutageCut.transformer_code)
    )
    return [(code, n) for code, n in session.execute(query)]


def option(device: grid.Device, customers: int | None = None) -> dict[str, str]:
    """A device as an option of a form, with the customers below it or, where given, so many."""
    n = device.customers if customers is None else customers
    return {
        "value": device.code,
        "label": f"{device.name}（{n} 户）",
        "label_en": f"{device.name_en or device.name} ({n} {'customer' if n == 1 else 'customers'})",
    }


def _area(outage: Outage, now: datetime) -> str:
    """Urban, rural or remote: as the repair order has it, else the unit."""
    order = session.get(WorkOrder, outage.main_order_id) if outage.main_order_id else None
    if order is not None:
        return order.area
    unit = people.unit_by_code(outage.unit_code, at=now)
    return (unit.area if unit else None) or "urban"


def _words(outage: Outage) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, ending in (("zh", ""), ("en", "_en")):
        with in_locale(language):
            unknown = "尚无" if language == "zh" else "none yet"
            found |= {
                f"etr_words{ending}": format_when(outage.etr_at) or unknown,
                f"from_words{ending}": format_when(outage.planned_from),
                f"to_words{ending}": format_when(outage.planned_to),
                f"why_words{ending}": "",
            }
    return found
