"""The words of the customer's page for fixed values, in both languages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KIND: dict[str, LazyString] = {
    "hv": _l("High voltage"),
    "lv_business": _l("Low voltage, not resident"),
    "lv_resident": _l("Resident"),
}

STATUS: dict[str, LazyString] = {
    "active": _l("In use"),
    "suspended": _l("Supply suspended"),
    "closed": _l("Account closed"),
}

STATUS_COLOUR = {"active": "green", "suspended": "orange", "closed": "grey"}

IMPORTANCE: dict[str, LazyString] = {
    "none": _l("Ordinary customer"),
    "special": _l("Important customer (special grade)"),
    "first": _l("Important customer (grade 1)"),
    "second": _l("Important customer (grade 2)"),
    "temporary": _l("Temporarily important customer"),
}

IMPORTANCE_COLOUR = {"special": "red", "first": "red", "second": "orange", "temporary": "orange"}

ROLE: dict[str, LazyString] = {
    "owner": _l("Account holder"),
    "contact": _l("Contact person"),
    "finance": _l("Finance"),
    "electrician": _l("Electrician"),
    "duty": _l("Duty room"),
}

CHANNEL: dict[str, LazyString] = {
    "phone": _l("Phone call"),
    "sms": _l("SMS"),
    "email": _l("E-mail"),
    "fax": _l("Fax"),
    "letter": _l("Letter"),
}

PART: dict[str, LazyString] = {
    "sharp": _l("Sharp"),
    "peak": _l("Peak"),
    "flat": _l("Flat"),
    "valley": _l("Valley"),
    "deep": _l("Deep valley"),
    "total": _l("All hours"),
}

READING: dict[str, LazyString] = {
    "regular": _l("Regular"),
    "install": _l("Installation"),
    "remove": _l("Removal"),
    "check": _l("Check reading"),
    "estimated": _l("Estimated reading"),
    "correction": _l("Corrected"),
}

REASON: dict[str, LazyString] = {
    "caller": _l("The customer is calling"),
    "order": _l("Handling an order"),
    "billing": _l("A question about a bill"),
    "visit": _l("Preparing a visit"),
    "complaint": _l("A complaint"),
    "check": _l("A check of data"),
    "other": _l("Something else"),
}

FIELD: dict[str, LazyString] = {
    "name": _l("Name"),
    "address": _l("Address"),
    "contact": _l("Contact's name"),
    "phone": _l("Phone"),
    "fax": _l("Fax"),
    "email": _l("E-mail"),
    "identity": _l("Identity number"),
}


def label(words: dict[str, LazyString], word: str) -> str:
    """The reader's word; an unknown value shows itself, so that nothing is silently left out."""
    return str(words.get(word, word))
