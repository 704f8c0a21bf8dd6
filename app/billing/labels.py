"""What people call states, kinds and codes of billing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _t

from app.billing.figures import _

BILL_STATE: dict[str, Any] = {
    "draft": _l("Not yet issued"),
    "issued": _l("To be paid"),
    "part": _l("Paid in part"),
    "paid": _l("Paid"),
    "void": _l("Void"),
    "credited": _l("Undone"),
}
BILL_KIND: dict[str, Any] = {
    "regular": _l("Regular bill"),
    "final": _l("Final bill"),
    "credit": _l("Credit note"),
    "correction": _l("Corrected bill"),
}
RUN_STATE: dict[str, Any] = {
    "queued": _l("Waiting for its turn"),
    "running": _l("Computing"),
    "done": _l("To be released"),
    "released": _l("Released"),
    "discarded": _l("Discarded"),
}
EXCEPTION: dict[str, Any] = {
    "no_meter": _l("No meter"),
    "missing_reading": _l("Reading missing"),
    "backward": _l("Reading goes backward"),
    "estimate_too_high": _l("Earlier estimate too high"),
    "beyond_register": _l("Reading beyond the register"),
    "parts_exceed_total": _l("Parts of the day exceed the total"),
    "parts_missing": _l("Parts of the day not read"),
    "demand_missing": _l("Demand not read"),
    "capacity_missing": _l("Capacity unknown"),
    "negative_energy": _l("Energy below zero"),
    "no_tariff": _l("No tariff in force"),
    "too_many_estimates": _l("Estimated too often"),
    "outlier": _l("Unusual energy"),
}
EXCEPTION_STATE: dict[str, Any] = {
    "open": _l("To be looked at"),
    "billed": _l("Billed since"),
    "accepted": _l("Accepted as it is"),
    "closed": _l("Closed without a bill"),
}
CUT_STATE: dict[str, Any] = {
    "begun": _l("Cutting begun"),
    "noticed": _l("Notice given"),
    "reminded": _l("Customer reminded"),
    "approved": _l("Cut approved already"),
    "cut": _l("Cut off"),
    "restoring": _l("To be restored"),
    "restored": _l("Supply restored"),
    "paid": _l("Paid before cutting"),
    "withdrawn": _l("Cut withdrawn"),
    "exempt": _l("Not to be cut"),
}
SOURCE: dict[str, Any] = {
    "counter": _l("Counter"),
    "bank": _l("Bank"),
    "online": _l("Online"),
    "balance": _l("Held in advance"),
}
REGISTER: dict[str, Any] = {
    "total": _l("Total"),
    "sharp": _l("Sharp peak time"),
    "peak": _l("Peak time"),
    "flat": _l("Flat time"),
    "valley": _l("Valley time"),
    "deep": _l("Deep valley time"),
    "reactive": _l("Reactive"),
    "demand": _l("Demand"),
}
UNIT: dict[str, Any] = {"yuan": _l("yuan")}
COLOUR = {
    "draft": "grey",
    "issued": "blue",
    "part": "orange",
    "paid": "green",
    "void": "grey",
    "credited": "grey",
    "queued": "grey",
    "running": "blue",
    "done": "orange",
    "released": "green",
    "discarded": "grey",
    "open": "orange",
    "billed": "green",
    "accepted": "green",
    "closed": "grey",
    "begun": "blue",
    "noticed": "orange",
    "reminded": "orange",
    "approved": "orange",
    "cut": "red",
    "restoring": "purple",
    "restored": "green",
    "withdrawn": "grey",
    "exempt": "grey",
}
"""Badge colours of states."""


def label(words: dict[str, Any], code: str) -> str:
    """The words for a code, the code itself where there are none."""
    return str(words[code]) if code in words else code


def fact(kind: str, details: dict[str, str]) -> str:
    """What an exception's details say, as one sentence."""
    if kind in ("backward", "estimate_too_high", "beyond_register"):
        return _(
            "Meter %(meter)s on %(on)s: %(last)s, then %(this)s.", **_known(details, "meter", "on", "last", "this")
        )
    if kind == "missing_reading":
        return _(
            "Meter %(meter)s, %(on)s",
            meter=details.get("meter", ""),
            on=details.get("on") or details.get("since", ""),
        )
    if kind == "too_many_estimates":
        return _(
            "Meter %(meter)s on %(on)s: estimate number %(count)s in a row, at most %(most)s",
            **_known(details, "meter", "on", "count", "most"),
        )
    if kind == "outlier":
        return _("%(energy)s kWh, usually %(usual)s kWh", **_known(details, "energy", "usual"))
    if kind == "no_tariff":
        return _("Tariff %(tariff)s, %(on)s", **_known(details, "tariff", "on"))
    return ", ".join(details.values())


def _known(details: dict[str, str], *names: str) -> dict[str, str]:
    return {name: details.get(name, "") for name in names}


PROMISE: dict[str, Any] = {
    "open": _t("promise", "awaited"),
    "kept": _t("promise", "kept"),
    "broken": _t("promise", "not kept"),
}
