"""Words of outages in the reader's language: natures, kinds, states, sources, devices."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NATURE: dict[str, LazyString] = {
    "unplanned": _l("Unplanned outage"),
    "planned": _l("Planned outage"),
    "temporary": _l("Temporary outage"),
    "arrears": _l("Cut off for arrears"),
    "orderly": _l("Orderly use of power"),
}

KIND: dict[str, LazyString] = {
    "probable_service": _l("Probable service outage"),
    "real_service": _l("Real service outage"),
    "confirmed_service": _l("Confirmed service outage"),
    "probable_device": _l("Probable device outage"),
    "real_device": _l("Real device outage"),
    "confirmed_device": _l("Confirmed device outage"),
    "momentary": _l("Momentary"),
    "planned": _l("Planned"),
    "non_outage": _l("No outage"),
}

STATUS: dict[str, LazyString] = {
    "predicted": _l("Predicted"),
    "confirmed": _l("Confirmed"),
    "assigned": _l("Crew assigned"),
    "en_route": _l("Crew under way"),
    "on_site": _l("Crew at the site"),
    "partially_restored": _l("Partially restored"),
    "restored": _l("Supply restored"),
    "verifying": _l("Being verified"),
    "closed": _l("Over"),
    "cancelled": _l("Cancelled"),
    "drafted": _l("Drafted"),
    "reviewed": _l("Plan reviewed"),
    "approved": _l("Approved"),
    "noticed": _l("Announced"),
    "switching": _l("Switched off"),
}

STATUS_TONE: dict[str, str] = {
    "predicted": "orange",
    "confirmed": "red",
    "assigned": "orange",
    "en_route": "orange",
    "on_site": "orange",
    "partially_restored": "blue",
    "restored": "green",
    "verifying": "green",
    "closed": "grey",
    "cancelled": "grey",
    "switching": "red",
}
"""Colours of badges by status."""

DEVICE_KIND: dict[str, LazyString] = {
    "substation": _l("Substation"),
    "busbar": _l("Busbar"),
    "feeder_breaker": _l("Feeder breaker"),
    "switch": _l("Switch"),
    "breaker": _l("Breaker"),
    "fuse": _l("Fuse"),
    "line": _l("Line"),
    "distribution_transformer": _l("Distribution transformer"),
    "lv_branch": _l("Low-voltage branch"),
    "meter_box": _l("Box of meters"),
}

SOURCE: dict[str, LazyString] = {
    "order": _l("Fault order"),
    "ivr": _l("Automatic line"),
    "web": _l("Web"),
    "api": _l("Interface"),
    "meter": _l("Meter signal"),
}

CALL_STATE: dict[str, LazyString] = {
    "open": _l("Not placed"),
    "attached": _l("Attached to the outage"),
    "screened": _l("Answered without outage"),
    "closed": _l("Dealt with"),
}

SCREENING: dict[str, LazyString] = {
    "passed": _l("Passed the screening"),
    "cut_off": _l("Cut off for arrears"),
    "planned": _l("Under a planned outage"),
    "known": _l("Under a known outage"),
    "meter_alive": _l("The meter has power: likely the customer's own fault"),
    "suspect": _l("Too many calls from one number: not counted"),
    "no_place": _l("Without a place in the grid"),
}

ETR_SOURCE: dict[str, LazyString] = {
    "rule": _l("by rule"),
    "crew": _l("by the crew"),
    "dispatcher": _l("by the dispatcher"),
    "mass": _l("for the whole storm"),
    "plan": _l("as planned"),
}


def label(words: dict[str, LazyString], code: str) -> str:
    """The word of a code; an unknown code shows itself, so that nothing is silently left out."""
    return str(words.get(code, code))
