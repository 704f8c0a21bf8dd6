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
    "drafted": _l("Waits for review"),
    "reviewed": _l("Waits for approval"),
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
    "noticed": "azure",
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

NOTICE_KIND: dict[str, LazyString] = {
    "planned": _l("Planned outage"),
    "temporary": _l("Temporary outage"),
    "grid_fault": _l("Fault of the grid"),
    "shortage": _l("Grid at its limit"),
    "theft": _l("Theft of electricity"),
    "breach": _l("Breach of the contract"),
    "arrears": _l("Cut off for arrears"),
    "orderly": _l("Orderly use of power"),
}


def span_words(hours: float) -> LazyString:
    """Hours of notice as people say them: whole days from two on."""
    if hours >= 48 and hours % 24 == 0:
        return _l("%(n)s days'", n=f"{hours / 24:g}")
    return _l("%(n)s hours'", n=f"{hours:g}")


OCCASION: dict[str, LazyString] = {
    "confirmed": _l("Outage confirmed"),
    "etr": _l("Estimate changed"),
    "progress": _l("Progress"),
    "restored": _l("Supply restored"),
    "announced": _l("Announcement"),
    "reminder": _l("Reminder of the outage"),
    "changed": _l("New time"),
    "extended": _l("Longer than planned"),
    "cancelled": _l("Cancellation"),
}

WORK: dict[str, LazyString] = {
    "maintenance": _l("Maintenance"),
    "construction": _l("Construction of the grid"),
    "connection": _l("Connection of a customer"),
    "defect": _l("Repair of a defect"),
    "municipal": _l("Municipal works"),
    "orderly": _l("Orderly use of power"),
    "shortage": _l("Grid at its limit"),
    "theft": _l("Theft of electricity"),
    "breach": _l("Breach of the contract"),
    "other": _l("Other work"),
}
"""What is done during a planned outage."""

WEATHER: dict[str, LazyString] = {
    "fair": _l("Fair weather"),
    "rain": _l("Rain"),
    "storm": _l("Thunderstorm"),
    "wind": _l("Strong wind"),
    "typhoon": _l("Typhoon"),
    "flood": _l("Flood"),
    "ice": _l("Ice and snow"),
    "heat": _l("Heat"),
}

NON_OUTAGE: dict[str, LazyString] = {
    "own_fault": _l("Customers' own faults"),
    "mistaken": _l("Mistaken reports"),
    "back": _l("Supply came back"),
    "other": _l("Another reason"),
}

TOLD_STATE: dict[str, LazyString] = {
    "waiting": _l("Waits for the end of quiet hours"),
    "queued": _l("Given to its channel"),
    "sent": _l("Told"),
    "failed": _l("Could not be told"),
    "unreachable": _l("Cannot be reached"),
    "overtaken": _l("No longer needed"),
}

TOLD_SUM: dict[str, LazyString] = {
    "told": _l("Told"),
    "under_way": _l("Being sent"),
    "waiting": _l("Wait for the end of quiet hours"),
    "failed": _l("Could not be told"),
    "unreachable": _l("Cannot be reached"),
    "needless": _l("No longer needed"),
    "left": _l("Not yet their turn"),
}

TOLD_WHY: dict[str, LazyString] = {
    "no_address": _l("no number or address"),
    "do_not_call": _l("wants no calls"),
    "no_customer": _l("no longer a customer"),
    "moved_away": _l("moved away"),
    "restored": _l("has supply again"),
    "too_late": _l("too late"),
}

CHANNEL: dict[str, LazyString] = {
    "": _l("no way"),
    "phone": _l("By voice call"),
    "sms": _l("Text message"),
    "email": _l("E-mail"),
    "fax": _l("Fax"),
    "letter": _l("Letter"),
}

VERIFICATION: dict[str, LazyString] = {
    "pending": _l("To be asked"),
    "restored": _l("Has supply"),
    "still_out": _l("Still out"),
    "unreached": _l("Not reached"),
}

VERIFIED_WHY: dict[str, LazyString] = {
    "caller": _l("reported it"),
    "important": _l("important customer"),
    "sample": _l("sample"),
}

STORM_STATE: dict[str, LazyString] = {
    "proposed": _l("Proposed"),
    "active": _l("Storm mode"),
    "ended": _l("Over"),
    "declined": _l("Declined"),
}


def label(words: dict[str, LazyString], code: str) -> str:
    """The word of a code; an unknown code shows itself, so that nothing is silently left out."""
    return str(words.get(code, code))
