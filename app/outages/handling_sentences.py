"""The sentences of handling in an outage's time-line; `register` adds them to `outages.sentences`."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from app.outages import labels
from app.outages.labels import label
from app.outages.sentences import SENTENCES, Say, Words


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


def _warned(words: Words) -> str:
    who = {
        "dispatcher": _("the dispatchers"),
        "supervisor": _("the supervisor"),
        "planner": _("the planners"),
        "asker": _("the planners"),
        "crew": _("crew and dispatchers"),
    }.get(words.text("level"), words.text("level"))
    about = {
        "confirm": _("nobody has judged it"),
        "arrive": _("nobody is on site"),
        "etr": _("no estimate yet"),
        "etr_over": _("the estimate has passed"),
        "progress": _("progress is due"),
        "notice": _("the notice is late"),
        "telling": _("not all customers could be told"),
        "review": _("the review is late"),
        "approve": _("the approval is late"),
        "switching": _("switching is late"),
        "planned_over": _("not restored in time"),
        "returned": _("the plan was returned"),
        "rejected": _("the plan was not approved"),
        "moved_late": _("another time without its notice"),
    }.get(words.text("about"), words.text("about"))
    return _("Told %(who)s: %(about)s", who=who, about=about)


def _notice(words: Words) -> str:
    said = _("Notice: %(occasion)s", occasion=label(labels.OCCASION, words.text("occasion")))
    if words.number("customers"):
        said += _(", %(n)s customers to tell", n=words.number("customers"))
    return said + (_(", entered late") if words.params.get("late") else "")


HANDLING: dict[str, Say] = {
    "step": lambda w: _(
        "Supply is back for %(n)s customers at %(at)s, %(out)s are still out%(note)s",
        n=w.number("customers"),
        at=w.when("at"),
        out=w.number("still_out"),
        note=w.tail(),
    ),
    "etr": lambda w: _(
        "Expected back %(at)s, %(source)s%(note)s",
        at=w.when("etr"),
        source=label(labels.ETR_SOURCE, w.text("source")),
        note="" if w.text("source") == "rule" else w.tail(),
    ),
    "etr_asked": lambda w: _("The estimate was given on arrival: %(at)s", at=w.when("etr")),
    "warned": _warned,
    "crew": lambda w: _(
        "%(state)s, order %(order)s", state=label(labels.STATUS, w.text("state")), order=w.text("order")
    ),
    "cause": lambda w: _("The crew found the cause: %(cause)s", cause=w.cause()),
    "notice": _notice,
    "notice_dropped": lambda w: _(
        "Notice not entered: %(occasion)s", occasion=label(labels.OCCASION, w.text("occasion"))
    ),
    "process_ended": lambda _w: _("The process was ended by hand: handling goes on without it"),
    "verifying": lambda w: _("%(n)s customers are asked whether supply is back", n=w.number("customers")),
    "verified": lambda w: _(
        "A customer was asked: %(said)s%(nested)s",
        said=label(labels.VERIFICATION, w.text("said")),
        nested=_(", outage %(number)s", number=w.text("nested")) if w.text("nested") else "",
    ),
    "storm": lambda w: _("Belongs to storm %(name)s", name=w.text("name") or w.text("storm")),
    "requested": lambda w: _("Asked for: %(begin)s – %(end)s", begin=w.when("from"), end=w.when("to")),
    "moved": lambda w: _(
        "New time: %(begin)s – %(end)s%(reason)s", begin=w.when("from"), end=w.when("to"), reason=w.tail("reason")
    ),
    "extended": lambda w: _("Extended to %(end)s%(reason)s", end=w.when("to"), reason=w.tail("reason")),
    "plan_reviewed": lambda w: _("Passed its review%(note)s", note=w.tail()),
    "plan_approved": lambda w: _("Approved%(note)s", note=w.tail()),
    "plan_returned": lambda w: _("Returned to its planner%(note)s", note=w.tail()),
    "plan_noticed": lambda _w: _("Announced"),
    "consents_asked": lambda w: _("%(n)s key accounts were asked", n=w.number("accounts")),
    "switched_off": lambda w: _("Switched off: %(n)s customers%(note)s", n=w.number("customers"), note=w.tail()),
    "took_over": lambda w: _(
        "%(n)s customers of outage %(number)s came here: the plan keeps them without supply",
        n=w.number("customers"),
        number=w.text("number"),
    ),
    "handed_over": lambda w: _(
        "%(n)s customers went on to planned outage %(number)s, which keeps them without supply",
        n=w.number("customers"),
        number=w.text("number"),
    ),
    "kept_below": lambda w: _(
        "Below planned outage %(number)s, switched off now: to be judged by a person", number=w.text("number")
    ),
    "called_off": lambda w: _("Does not take place%(reason)s", reason=w.tail("reason")),
    "non_outage": lambda w: _(
        "No outage: %(reason)s%(note)s", reason=label(labels.NON_OUTAGE, w.text("reason")), note=w.tail()
    ),
    "arrears": lambda w: _("Cut off for arrears, notice %(number)s", number=w.text("notice")),
    "closed": lambda _w: _("Handling is over"),
}


def register() -> None:
    """Add the sentences."""
    SENTENCES.update(HANDLING)
