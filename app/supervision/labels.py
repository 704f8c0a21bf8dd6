"""Words of supervision's pages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.i18n import format_duration
from app.supervision.queries.words import Bounds

LIMIT_STATE: dict[str, LazyString] = {
    "over": _l("Past the limit"),
    "near": _l("Near the limit"),
    "running": _l("Within the limit"),
    "paused": _l("Clock stopped"),
    "none": _l("No limit runs"),
}
LIMIT_COLOUR = {"over": "red", "near": "orange", "running": "green", "paused": "purple", "none": "grey"}

PERIOD: dict[str, LazyString] = {"today": _l("Today so far"), "week": _l("Last seven days"), "month": _l("This month")}

GRADE: dict[str, LazyString] = {
    "general": _l("Ordinary supervision"),
    "important": _l("Important supervision"),
    "urgent": _l("Urgent supervision"),
}
GRADE_COLOUR = {"general": "blue", "important": "orange", "urgent": "red"}

STATE: dict[str, LazyString] = {
    "answering": _l("Waits for the answer"),
    "evaluating": _l("Waits for the verdict"),
    "closed": _l("Supervision closed"),
    "withdrawn": _l("Supervision withdrawn"),
}
STATE_COLOUR = {"answering": "orange", "evaluating": "blue", "closed": "green", "withdrawn": "grey"}

VERDICT: dict[str, LazyString] = {"accept": _l("Answer accepted"), "again": _l("Answer not enough")}
LEVEL_COLOUR = {"red": "red", "orange": "orange", "blue": "blue"}

INDICATOR: dict[str, LazyString] = {
    "on_time": _l("Rate in time"),
    "return_rate": _l("Rate of returns"),
    "callback_rate": _l("Rate of callbacks"),
    "satisfaction": _l("Rate of satisfaction"),
    "repeat_rate": _l("Rate of repeated calls"),
}

MEASURE: dict[str, LazyString] = {
    "all": _l("All orders of the period"),
    "open": _l("Orders under way now"),
    "orders": _l("Orders accepted"),
    "closed": _l("Orders closed"),
    "dispatched": _l("Orders dispatched"),
    "returned": _l("Orders returned"),
    "due": _l("Orders with a limit that ended"),
    "late": _l("Orders that missed a limit"),
    "on_time": _l("Orders that kept every limit"),
    "callback_due": _l("Orders to be called back"),
    "called_back": _l("Orders called back"),
    "not_called": _l("Orders not called back"),
    "valid": _l("Orders with a valid answer"),
    "satisfied": _l("Orders with a content customer"),
    "unsatisfied": _l("Orders with a discontented customer"),
    "repeated": _l("Repeated calls"),
    "reopened": _l("Orders opened again"),
    "supervised": _l("Orders supervised"),
} | LIMIT_STATE


def percent(rate: float | None) -> str:
    """`97.5 %`; a dash where nothing was due."""
    return "—" if rate is None else f"{rate:.1f} %"


def ages(bounds: Bounds) -> list[str]:
    """Names of the classes of age: up to 4 h, up to 1 day, longer than 3 days."""
    if not bounds.ages:
        return [_("Any age")]
    shown = [_("Up to %(time)s", time=format_duration(end)) for end in bounds.ages]
    return [*shown, _("Longer than %(time)s", time=format_duration(bounds.ages[-1]))]
