"""The words of key accounts for fixed values, in both languages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

VISIT_STATE: dict[str, LazyString] = {
    "planned": _l("In the plan"),
    "open": _l("To be made"),
    "following": _l("Hazards followed up"),
    "reviewing": _l("Being reviewed"),
    "closed": _l("Visit done"),
    "cancelled": _l("Visit cancelled"),
}

VISIT_COLOUR = {"planned": "grey", "open": "blue", "following": "orange", "reviewing": "blue", "closed": "green"}

CONSENT_STATE: dict[str, LazyString] = {
    "asked": _l("Being asked"),
    "escalated": _l("With the head"),
    "not_needed": _l("No consent needed"),
    "consented": _l("Consented"),
    "refused": _l("Not consented"),
    "overruled": _l("Goes ahead by decision"),
    "withdrawn": _l("Outage withdrawn"),
}

CONSENT_COLOUR = {"asked": "blue", "escalated": "orange", "consented": "green", "refused": "red", "overruled": "orange"}

ANSWER: dict[str, tuple[str, str]] = {
    "consented": ("同意", "agrees"),
    "conditional": ("有条件同意", "agrees on conditions"),
    "refused": ("不同意", "does not agree"),
    "no_answer": ("逾期未答复", "has not answered in time"),
}
"""In both languages at once: a form in a diagram's variables shows the one or the other."""

SUPPLY_KIND: dict[str, LazyString] = {
    "second_line": _l("Second line of the utility"),
    "generator": _l("Generator"),
    "ups": _l("UPS"),
    "other": _l("Other source"),
}

CONSEQUENCE: dict[str, LazyString] = {
    "none": _l("None of these"),
    "national": _l("National security"),
    "casualties": _l("Loss of life or injury"),
    "explosion": _l("Poisoning, explosion or fire"),
    "pollution": _l("Pollution"),
    "political": _l("Political harm"),
    "economic": _l("Economic loss"),
    "order": _l("Public disorder"),
}

SCALE: dict[str, LazyString] = {
    "none": _l("Ordinary scale"),
    "large": _l("Considerable"),
    "major": _l("Grave"),
}

MEASURE: dict[str, LazyString] = {
    "demand_share": _l("Demand against the contract maximum"),
    "capacity_share": _l("Demand against the running capacity"),
    "visit_overdue_days": _l("Visit overdue"),
    "arrears_days": _l("Bills overdue"),
    "contract_days_left": _l("Supply contract ends"),
    "review_days_left": _l("Review of importance due"),
    "power_factor_gap": _l("Power factor too low"),
    "backup_gap": _l("Emergency supply too small"),
    "hazards_open": _l("Hazards not remedied"),
    "orders_open": _l("Work orders under way"),
}

LEVEL_COLOUR = {"warn": "orange", "danger": "red"}


def label(words: dict[str, LazyString], word: str) -> str:
    """The reader's word; an unknown value shows itself."""
    return str(words.get(word, word))
