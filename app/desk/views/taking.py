"""What comes of a conversation: an order, a reminder, one more caller, an answer, or only a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import operations
from app.desk.queries import open_conversation
from app.desk.views.blueprint import blueprint
from app.desk.views.page import anew
from app.identity.session import acting, current_actor, current_user_id
from app.kernel import db
from app.kernel.errors import Conflict, Invalid
from app.knowledge import operations as answers_library
from app.knowledge.views.blueprint import my_unit_path
from app.web.access import requires
from app.web.inputs import text
from app.workorders import operations as workorders
from app.workorders.labels import stage_label
from app.workorders.queries import order_view
from app.workorders.queries.limit_preview import limits_to_come
from app.workorders.queries.orders import OrderView
from app.workorders.views.amounts import amount_label
from app.workorders.views.intake import form_context, grouped, join_report, remind_report, take_report

SAID = ("contact", "arrive", "handle", "reply", "callback", "total")
"""The limits a caller is told, of those that apply."""


@blueprint.post("/take")
@requires("order.create")
def take() -> ResponseReturnValue:
    """Make the order, or answer at once; the page stays and shows the receipt."""
    return _refusable(take_report, "solved" if text("solution") else "order")


@blueprint.post("/remind")
@requires("order.remind")
def remind() -> ResponseReturnValue:
    """The caller asks about an order under way."""
    return _refusable(remind_report, "reminded")


@blueprint.post("/join")
@requires("order.create")
def join() -> ResponseReturnValue:
    """The caller suffers from the fault of an order under way."""
    return _refusable(join_report, "joined")


@blueprint.post("/remind/<number>")
@requires("order.remind")
def remind_order(number: str) -> ResponseReturnValue:
    """Remind of an order that is under way, straight from why the caller likely calls."""
    workorders.remind(number, note=text("note")[:500], **acting())
    order = order_view(number, **acting()).order
    _note(order, "reminded")
    return render_template("desk/_said.html", message=_("The order %(number)s is reminded.", number=number))


@blueprint.post("/end")
@requires("desk.use")
def end() -> ResponseReturnValue:
    """End the conversation; the desk is empty for the next."""
    operations.end(result=text("result"), category=text("category"), note=text("note"), **acting())
    operations.drop_draft(actor=current_actor())
    return anew()


@blueprint.post("/used/<number>")
@requires("desk.use")
def used(number: str) -> ResponseReturnValue:
    """An answer was inserted: count it, and note it with the conversation."""
    operations.note_answer(number, **acting())
    answers_library.note_use(number, "inserted", unit_path=my_unit_path(), **acting())
    return "", 204


def _refusable(do: Callable[[], OrderView], result: str) -> ResponseReturnValue:
    """Do it and show the receipt; a refusal shows the form again with its errors at their fields."""
    try:
        order = do()
    except Invalid as refused:
        db.session.rollback()
        errors: dict[str, Any] = refused.details.get("errors") or {"": [str(refused)]}
        return render_template("desk/_request.html", **form_context(request.form, errors))
    except Conflict as refused:
        db.session.rollback()
        return render_template("desk/_request.html", **form_context(request.form, {"": [str(refused)]}))
    _note(order, result)
    operations.drop_draft(actor=current_actor())
    return render_template("desk/_receipt.html", **_receipt(order, result))


def _note(order: OrderView, result: str) -> None:
    if open_conversation(current_user_id()) is None:
        operations.begin(operations.Began(number=text("phone")[:40], channel=text("channel") or "phone"), **acting())
    operations.note_order(order.number, result=result, category=order.category, sub_type=order.sub_type, **acting())


def _receipt(order: OrderView, result: str) -> dict[str, Any]:
    """The number in groups to read aloud, and the limits as sentences."""
    limits = limits_to_come(
        category=order.category,
        sub_type=order.sub_type,
        channel=order.channel,
        area=order.area,
        importance=order.importance,
        now=acting()["now"],
    )
    said = [(stage_label(each.stage), amount_label(each.amount, each.unit)) for each in limits if each.stage in SAID]
    return {"order": order, "result": result, "limits": said, "read_aloud": grouped(order.number)}
