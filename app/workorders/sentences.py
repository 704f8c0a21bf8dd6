"""The sentences of an order's time-line, in the reader's language, from what `order_event` keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.identity import queries as people
from app.kernel.i18n import format_when, localized
from app.workorders.labels import ETR_SOURCE, problem_label, stage_label
from app.workorders.queries.codes import CodeView

Names = Mapping[tuple[str, str], CodeView]
Say = Callable[["Words"], str]


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


class Words:
    """The parameters of one event as people read them."""

    def __init__(self, params: Mapping[str, Any], names: Names, at: datetime) -> None:
        self.params, self.names, self.at = params, names, at

    def text(self, name: str) -> str:
        return str(self.params.get(name) or "")

    def tail(self, name: str = "note") -> str:
        """A free text after a colon, or nothing."""
        return _(": %(text)s", text=self.text(name)) if self.text(name) else ""

    def code(self, kind: str, name: str) -> str:
        word = self.text(name)
        view = self.names.get((kind, word))
        return localized(view.name, view.name_en) if view else word

    def twin(self, name: str) -> str:
        return localized(self.text(name), self.text(f"{name}_en"))

    def unit(self, name: str) -> str:
        unit = people.unit_by_code(self.text(name), at=self.at)
        return localized(unit.name, unit.name_en) if unit else self.text(name)

    def person(self, name: str) -> str:
        """A person by sign-in name; empty where nobody is named."""
        user = people.user_view(self.text(name)) if self.text(name) else None
        return localized(user.name, user.name_en) if user else self.text(name)

    def when(self, name: str) -> str:
        return format_when(datetime.fromisoformat(self.text(name))) if self.text(name) else ""


def _reply_refused(words: Words) -> str:
    problems = " ".join(str(problem_label(code)) for code in words.params.get("problems", ()))
    return _("The reply was refused. %(problems)s", problems=problems)


def _escalated(words: Words) -> str:
    told = "、".join(words.params.get("told", ())) or _("nobody (the posts are vacant)")
    return _(
        "%(percent)s%% of the limit “%(stage)s” used up; told: %(told)s",
        percent=words.params.get("percent"),
        stage=stage_label(words.text("stage")),
        told=told,
    )


def _sent_back(words: Words) -> str:
    names = [words.names.get(("send_back_reason", code)) for code in words.params.get("reasons", ())]
    reasons = "、".join(localized(view.name, view.name_en) for view in names if view)
    return _("The reviewer sent the reply back (%(reasons)s)%(note)s", reasons=reasons, note=words.tail())


def _called_back(words: Words) -> str:
    answer = words.code("satisfaction", "satisfaction")
    kind = words.text("list") or "callback_result"
    return _(
        "Called back: %(result)s %(answer)s%(opinion)s",
        result=words.code(kind, "result"),
        answer=answer,
        opinion=words.tail("opinion"),
    )


def _reopened(words: Words) -> str:
    count = words.params.get("round")
    if words.text("category") in ("", "fault_repair"):
        return _("Still out: opened again, round %(round)s", round=count)
    return _("The customer is not content: opened again, round %(round)s", round=count)


PLAIN: dict[str, LazyString] = {
    "taken": _l("The crew took the order"),
    "taken_on": _l("Taken on"),
    "solved_at_once": _l("Solved while the customer talked"),
    "arrived": _l("The crew arrived on site"),
    "restored": _l("Power is back"),
    "callback_failed": _l("The customer could not be reached"),
    "archived": _l("Archived"),
    "resumed": _l("Taken up again"),
}
"""Sentences that say the same every time."""

SENTENCES: dict[str, Say] = {
    "accepted": lambda w: _("Accepted by %(channel)s", channel=w.code("channel", "channel")),
    "dispatched": lambda w: _("Dispatched to %(crew)s%(note)s", crew=w.twin("crew"), note=w.tail()),
    "returned": lambda w: _(
        "The order was returned (%(reason)s)%(note)s", reason=w.code("return_reason", "reason"), note=w.tail()
    ),
    "transferred": lambda w: _(
        "Transferred from %(from_unit)s to %(to_unit)s%(reason)s",
        from_unit=w.unit("from"),
        to_unit=w.unit("to"),
        reason=w.tail("reason"),
    ),
    "recalled": lambda w: _("Taken off %(crew)s, to send another crew", crew=w.twin("crew")),
    "left": lambda w: _("The crew left %(vehicle)s", vehicle=w.text("vehicle")),
    "surveyed": lambda w: _(
        "Surveyed: %(fault)s, %(cause)s, %(ownership)s",
        fault=w.code("fault_type", "fault_type"),
        cause=w.code("fault_cause", "cause"),
        ownership=w.code("ownership", "ownership"),
    ),
    "etr": lambda w: _(
        "Restoration is expected at %(at)s (%(source)s)%(reason)s",
        at=w.when("etr"),
        source=ETR_SOURCE.get(w.text("source"), w.text("source")),
        reason=w.tail("reason"),
    ),
    "progress": lambda w: _("Progress: %(note)s", note=w.text("note")),
    "replied": lambda w: _("Replied. %(findings)s; %(action)s", findings=w.text("findings"), action=w.text("action")),
    "reply_refused": _reply_refused,
    "sent_back": _sent_back,
    "reviewed": lambda w: _("The reply passed its review%(note)s", note=w.tail()),
    "called_back": _called_back,
    "reopened": _reopened,
    "handed_out": lambda w: _(
        "Given to %(unit)s %(handler)s%(note)s", unit=w.unit("unit"), handler=w.person("handler"), note=w.tail()
    ),
    "stage_done": lambda w: _("Done: %(stage)s", stage=stage_label(w.text("stage"))),
    "application_ended": lambda w: _("The application ended without supply%(note)s", note=w.tail()),
    "answer_sent": lambda w: _("The answer was sent (%(way)s)", way=w.code("answer_way", "way")),
    "answer_failed": lambda w: _("The answer did not arrive (%(way)s)", way=w.code("answer_way", "way")),
    "answered": lambda w: _(
        "The customer was answered (%(way)s)%(note)s", way=w.code("answer_way", "way"), note=w.tail()
    ),
    "recategorised": lambda w: _(
        "Category changed from %(before)s to %(after)s%(reason)s",
        before=w.code("category", "from"),
        after=w.code("category", "to"),
        reason=w.tail("reason"),
    ),
    "unit_dissolved": lambda w: _(
        "%(from_unit)s was dissolved: the order goes to %(to_unit)s",
        from_unit=w.unit("from"),
        to_unit=w.unit("to"),
    ),
    "cancel_asked": lambda w: _(
        "Cancellation asked for (%(reason)s)%(note)s", reason=w.code("cancel_reason", "reason"), note=w.tail()
    ),
    "cancelled": lambda w: _("Cancelled (%(reason)s)", reason=w.code("cancel_reason", "reason")),
    "suspended": lambda w: _(
        "Suspended until %(until)s (%(reason)s)%(note)s",
        until=w.when("until"),
        reason=w.code("suspend_reason", "reason"),
        note=w.tail(),
    ),
    "assistance_asked": lambda w: _(
        "Asked %(unit)s for assistance%(request)s", unit=w.unit("unit"), request=w.tail("request")
    ),
    "assisted": lambda w: _("%(unit)s has assisted%(result)s", unit=w.unit("unit"), result=w.tail("result")),
    "assistance_ended": lambda w: _("Assistance of %(unit)s is no longer needed", unit=w.unit("unit")),
    "kept_apart": lambda w: _(
        "Taken as an order of its own beside %(others)s%(reason)s",
        others="、".join(w.params.get("others", ())),
        reason=w.tail("reason"),
    ),
    "merged": lambda w: _("Attached to order %(main)s%(cause)s", main=w.text("main"), cause=w.tail("cause")),
    "merged_in": lambda w: _("Order %(child)s was attached%(cause)s", child=w.text("child"), cause=w.tail("cause")),
    "unmerged": lambda w: _("Taken off order %(main)s%(reason)s", main=w.text("main"), reason=w.tail("reason")),
    "unmerged_from": lambda w: _(
        "Order %(child)s was taken off%(reason)s", child=w.text("child"), reason=w.tail("reason")
    ),
    "followed_main": lambda w: _("Took over the result of order %(main)s", main=w.text("main")),
    "reminded": lambda w: _("The customer asked again%(note)s", note=w.tail()),
    "reminder_answered": lambda w: _("The customer was told%(answer)s", answer=w.tail("answer")),
    "limit_kept": lambda w: _("Limit “%(stage)s” kept", stage=stage_label(w.text("stage"))),
    "limit_missed": lambda w: _("Limit “%(stage)s” missed", stage=stage_label(w.text("stage"))),
    "escalated": _escalated,
}


def sentence(kind: str, params: Mapping[str, Any], *, names: Names, at: datetime) -> str:
    """The words of one event; an unknown kind shows its name, so that nothing is silently left out."""
    if kind in PLAIN:
        return str(PLAIN[kind])
    say = SENTENCES.get(kind)
    return say(Words(params, names, at)) if say else kind
