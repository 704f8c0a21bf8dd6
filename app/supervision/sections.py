"""What supervision adds to the order's page and to its time-line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.i18n import localized
from app.supervision import labels
from app.supervision.queries.cases import cases_of, takeover_of
from app.supervision.queries.lines import SUPERVISE, lines_for
from app.supervision.queries.words import words
from app.workorders import sections, sentences
from app.workorders.queries.orders import OrderView
from app.workorders.sentences import Words


def register() -> None:
    """Add the sections and sentences."""
    sections.register(of_order)
    sentences.SENTENCES.update(SENTENCES)


def of_order(order: OrderView, actor: Actor, now: datetime) -> Sequence[sections.Section]:
    """The 督办 and take-over of an order, and the forms for those in charge of its line."""
    cases, taken = cases_of(order.id), takeover_of(order.id)
    names = {code: localized(unit.name, unit.name_en) for code, unit in _units(cases, now).items()}
    holder = people.user_views([taken.user_id]).get(taken.user_id) if taken else None
    context = {
        "order": order,
        "cases": cases,
        "taken": taken,
        "holder": localized(holder.name, holder.name_en) if holder else "",
        "unit_names": names,
        "reasons": words("reason"),
        "labels": labels,
        "under_way": next((case for case in cases if case.open), None),
    }
    found = [sections.Section("side", "supervision/order_side.html", context)] if cases or taken else []
    if order.open and _in_charge(order, actor, now):
        found.append(sections.Section("forms", "supervision/order_forms.html", context))
    return found


def _in_charge(order: OrderView, actor: Actor, now: datetime) -> bool:
    if not authority.may(actor, SUPERVISE, unit_path=order.unit_path, now=now):
        return False
    return any(line.holds(order.category, order.sub_type) for line in lines_for(actor, now=now))


def _units(cases: Sequence[Any], now: datetime) -> dict[str, Any]:
    return people.units_by_code({step.head_unit for case in cases for step in case.rounds}, at=now)


def _(msgid: str, **values: Any) -> str:
    """gettext, typed."""
    return str(gettext(msgid, **values))


def _late(w: Words) -> str:
    told = "、".join(w.params.get("told", ())) or _("nobody (the posts are vacant)")
    return _("Supervision %(number)s was not answered in time; told: %(told)s", number=w.text("number"), told=told)


SENTENCES: dict[str, sentences.Say] = {
    "supervised": lambda w: _(
        "Supervision %(number)s was issued: %(reason)s", number=w.text("number"), reason=w.twin("reason")
    ),
    "supervision_answered": lambda w: _(
        "The head of the unit answered supervision %(number)s", number=w.text("number")
    ),
    "supervision_again": lambda w: _(
        "The answer to supervision %(number)s was not enough%(note)s", number=w.text("number"), note=w.tail()
    ),
    "supervision_late": _late,
    "supervision_closed": lambda w: _("Supervision %(number)s was closed", number=w.text("number")),
    "supervision_withdrawn": lambda w: _("Supervision %(number)s was withdrawn", number=w.text("number")),
    "taken_over": lambda w: _("The department took the order over%(note)s", note=w.tail()),
    "handed_back": lambda w: _("The department handed the order back%(note)s", note=w.tail()),
}
