"""The fields of a notice (停电信息字段) in both languages: substation, line, range, area, cause, times, unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.identity import queries as people
from app.kernel.db import session
from app.kernel.i18n import format_when, in_locale, localized
from app.network import grid
from app.outages.labels import NOTICE_KIND, WORK, label
from app.outages.models import Outage, OutagePlan
from app.outages.queries.affected import cause_words

KINDS = {"unplanned": "grid_fault", "arrears": "arrears"}
"""The kind of notice by nature, where they have different names."""

OF_CAUSE = frozenset({"shortage", "theft", "breach"})
"""Causes that make a notice of their own kind."""

MOST_NAMES = 5


def kind_of(outage: Outage) -> str:
    """The kind of notice of an outage (计划、临时、电网故障 …)."""
    if outage.cause in OF_CAUSE:
        return outage.cause
    return KINDS.get(outage.nature, outage.nature)


def notice_facts(outage: Outage, *, now: datetime) -> dict[str, Any]:
    """`zh` and `en`: the fields as texts; `codes`: the devices, for programs."""
    plan = session.get(OutagePlan, outage.id)
    unit = people.unit_by_code(outage.unit_code, at=now)
    found: dict[str, Any] = {"codes": [outage.device_code] if outage.device_code else []}
    for language in ("zh", "en"):
        with in_locale(language):
            names, transformers = _names(outage, plan, now)
            unit_name = localized(unit.name, unit.name_en) if unit else outage.unit_code
            begins = outage.planned_from or outage.started_at
            ends = outage.restored_at or outage.planned_to
            found[language] = {
                "number": outage.number,
                "substation": _substation(outage, now),
                "line": outage.feeder,
                "transformer": _list(transformers),
                "range": _("supply area of %(devices)s", devices=_list(names)) if any(names) else "",
                "area": _("area of %(unit)s", unit=unit_name),
                "cause": _cause(outage, plan),
                "type": label(NOTICE_KIND, kind_of(outage)),
                "start": format_when(begins),
                "end": format_when(ends) if ends else "",
                "etr": format_when(outage.etr_at) if outage.etr_at and outage.etr_at > now else "",
                "unit": unit_name,
                "customers": str(outage.customers_total),
            }
    return found


def _names(outage: Outage, plan: OutagePlan | None, now: datetime) -> tuple[list[str], list[str]]:
    """The names of the devices, and of the transformers among or below them (the first few)."""
    codes = [device["code"] for device in plan.devices] if plan else [outage.device_code]
    seen = grid.current(now)
    names = [_called(device) for device in plan.devices] if plan else [outage.device or outage.zone]
    below: list[str] = []
    for code in codes:
        if code and seen.has(code):
            below += [seen.called(one) for one in seen.transformers_under(code)[: MOST_NAMES + 1]]
    return names, below


def _called(device: Mapping[str, str]) -> str:
    return localized(device["name"], device.get("name_en"))


def _list(names: Sequence[str]) -> str:
    shown = [name for name in names if name][:MOST_NAMES]
    text = str(_(", ")).join(shown)
    return str(_("%(names)s and others", names=text)) if len(names) > MOST_NAMES else text


def _substation(outage: Outage, now: datetime) -> str:
    return grid.current(now).called(outage.substation_code)


def _cause(outage: Outage, plan: OutagePlan | None) -> str:
    if plan is not None:
        return plan.reason or label(WORK, plan.work)
    return cause_words(outage.cause) if outage.cause and outage.cause != "unknown" else str(_("a fault of the grid"))
