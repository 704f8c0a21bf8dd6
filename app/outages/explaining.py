"""Why an outage stands where it does (为何定位在此): the kept decision as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from app.outages.labels import SCREENING, label

Name = Callable[[str], str]
"""A device's name by its code."""


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


def explain(why: Mapping[str, Any], name: Name) -> list[str]:
    """The steps of a decision, from the calls up to the device, and the thresholds it was held against."""
    said = [
        reason(each["rule"], each.get("facts", {}), name(each.get("device", ""))) for each in why.get("reasons", ())
    ]
    if why.get("left_out"):
        said.insert(0, _("%(number)s earlier steps are left out.", number=why["left_out"]))
    if not said and why.get("rule"):
        said.append(reason(why["rule"], why.get("facts", {}), name(why.get("device", ""))))
    return said


def basis(why: Mapping[str, Any]) -> str:
    """Which rules of the decision table gave the thresholds."""
    if not why.get("dmn"):
        return ""
    rules = _(", ").join(why["dmn"])
    if why.get("storm"):
        return _("Thresholds of storm mode, table outage_location, rule %(rules)s", rules=rules)
    return _("Thresholds by the table outage_location, rule %(rules)s", rules=rules)


def reason(rule: str, facts: Mapping[str, Any], device: str) -> str:
    """One step in words; an unknown rule shows its name, so that nothing is silently left out."""
    said = RULES.get(rule)
    return said(facts, device) if said else rule


def screening(code: str, facts: Mapping[str, Any]) -> str:
    """What the screening of a call said."""
    if code in ("known", "planned") and facts.get("outage"):
        return _("%(word)s: %(number)s", word=label(SCREENING, code), number=facts["outage"])
    if code == "suspect" and facts.get("most"):
        return _(
            "More than %(most)s places from one number within %(window)s minutes: not counted",
            most=facts["most"],
            window=facts["window"],
        )
    return label(SCREENING, code) if code else ""


RULES: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "single": lambda f, d: _(
        "One caller below %(device)s: probably one customer's, until %(needed)s call within %(window)s minutes",
        device=d or _("an unknown transformer"),
        needed=f.get("needed"),
        window=f.get("window"),
    ),
    "calls": lambda f, d: _(
        "%(calls)s callers below %(device)s, %(needed)s are enough within %(window)s minutes: the transformer",
        calls=f.get("calls"),
        device=d,
        needed=f.get("needed"),
        window=f.get("window"),
    ),
    "all_customers": lambda f, d: _(
        "All %(customers)s customers of %(device)s called", customers=f.get("customers"), device=d
    ),
    "children": lambda f, d: _(
        "%(predicted)s of %(children)s branches below %(device)s are out, %(percent)s %%"
        " (enough: %(needed)s and %(share)s %%): moved up to it",
        predicted=f.get("predicted"),
        children=f.get("children"),
        device=d,
        percent=f.get("percent"),
        needed=f.get("needed"),
        share=f.get("share"),
    ),
    "feeder": lambda f, d: _(
        "%(predicted)s separate predictions on one feeder, %(needed)s are enough: its breaker %(device)s",
        predicted=f.get("predicted"),
        needed=f.get("needed"),
        device=d,
    ),
    "open_switch": lambda f, d: _(
        "%(device)s is known to stand open: it explains all that is below it (%(transformers)s transformers)",
        device=d,
        transformers=f.get("transformers"),
    ),
    "zone": lambda f, _d: _(
        "%(calls)s calls without a place in the grid from the address zone %(zone)s within %(window)s minutes",
        calls=f.get("calls"),
        zone=f.get("zone"),
        window=f.get("window"),
    ),
    "zone_single": lambda f, _d: _(
        "One call without a place in the grid from the address zone %(zone)s", zone=f.get("zone")
    ),
    "hand": lambda _f, _d: _("A dispatcher made it an outage of its own"),
    "split": lambda f, _d: _("A dispatcher split it off outage %(number)s", number=f.get("number")),
    "still_out": lambda f, _d: _("Still out after outage %(number)s was restored", number=f.get("number")),
}
"""The words of each rule."""
