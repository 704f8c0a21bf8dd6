"""The sentences of an outage's time-line, in the reader's language, from what `outage_event` keeps.

The rooms of this package and higher ones add their own: `SENTENCES.update(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from app.kernel.i18n import format_when, localized
from app.outages.explaining import reason
from app.workorders.queries.codes import code as code_of

Say = Callable[["Words"], str]


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


class Words:
    """The parameters of one event as people read them."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params

    def text(self, name: str) -> str:
        return str(self.params.get(name) or "")

    def tail(self, name: str = "note") -> str:
        """A free text after a colon, or nothing."""
        return _(": %(text)s", text=self.text(name)) if self.text(name) else ""

    def device(self) -> str:
        """The device's name in the reader's language."""
        return localized(self.text("device"), self.text("device_en"))

    def number(self, name: str) -> int:
        return int(self.params.get(name) or 0)

    def when(self, name: str) -> str:
        return format_when(datetime.fromisoformat(self.text(name))) if self.text(name) else ""

    def cause(self, name: str = "cause") -> str:
        word = self.text(name)
        found = code_of("fault_cause", word) if word else None
        return localized(found.name, found.name_en) if found else word

    def why(self) -> str:
        """The rule of a prediction in words."""
        return reason(self.text("rule"), self.params.get("facts") or {}, self.device())


SENTENCES: dict[str, Say] = {
    "predicted": lambda w: _("Predicted. %(why)s", why=w.why()),
    "regrouped": lambda w: _("Formed anew. %(why)s", why=w.why()),
    "withdrawn": lambda _w: _("No call supports it any more"),
    "joined": lambda w: _("Became part of outage %(number)s", number=w.text("into")),
    "took_in": lambda w: _("Took in outage %(number)s %(device)s", number=w.text("number"), device=w.device()),
    "confirmed": lambda w: _(
        "Confirmed at %(device)s%(cause)s; repair order %(order)s%(note)s",
        device=w.device() or _("one customer"),
        cause=_(", cause: %(cause)s", cause=w.cause()) if w.text("cause") else "",
        order=w.text("order"),
        note=w.tail(),
    ),
    "cancelled": lambda w: _("No outage%(reason)s", reason=w.tail("reason")),
    "momentary": lambda w: _("Supply came back at %(at)s: momentary", at=w.when("at")),
    "call_moved_in": lambda w: _(
        "Report %(order)s was moved here%(reason)s", order=w.text("order") or w.text("call"), reason=w.tail("reason")
    ),
    "call_moved_out": lambda w: _(
        "Report %(order)s was moved to outage %(number)s%(reason)s",
        order=w.text("order") or w.text("call"),
        number=w.text("to"),
        reason=w.tail("reason"),
    ),
    "order_accepted": lambda w: _("Order %(order)s was accepted by the system", order=w.text("order")),
    "call_elsewhere": lambda w: _(
        "Report %(order)s left: the place of account %(account)s in the grid is another one now",
        order=w.text("order") or w.text("call"),
        account=w.text("account"),
    ),
    "call_withdrawn": lambda w: _("Order %(order)s was withdrawn", order=w.text("order")),
    "split_from": lambda w: _(
        "Split off outage %(number)s%(reason)s", number=w.text("number"), reason=w.tail("reason")
    ),
    "split_off": lambda w: _(
        "%(calls)s reports were split off into outage %(number)s%(reason)s",
        calls=w.number("calls"),
        number=w.text("number"),
        reason=w.tail("reason"),
    ),
    "joined_in": lambda w: _(
        "Outages %(numbers)s were joined to it%(reason)s",
        numbers=_(", ").join(w.params.get("numbers", ())),
        reason=w.tail("reason"),
    ),
    "not_merged": lambda w: _("Order %(order)s could not be attached to the main order", order=w.text("order")),
    "nested": lambda w: _("Customers still out after outage %(number)s was restored", number=w.text("number")),
    "still_out": lambda w: _(
        "A customer is still out: outage %(number)s%(note)s", number=w.text("number"), note=w.tail()
    ),
    "crew_chosen": lambda w: _(
        "%(crew)s was sent, proposed as no. %(rank)s (about %(minutes)s min)",
        crew=localized(w.text("crew"), w.text("crew_en")),
        rank=w.number("rank") or "–",
        minutes=w.number("minutes") or "–",
    ),
    "restored": lambda w: _("Supply is back since %(at)s%(note)s", at=w.when("at"), note=w.tail()),
}
"""The words of each kind of event."""


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    """The words of one event; an unknown kind shows its name, so that nothing is silently left out."""
    say = SENTENCES.get(kind)
    return say(Words(params)) if say else kind
