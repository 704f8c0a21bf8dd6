"""Take a report while the customer talks: the agents' intake page, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel import db
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.workorders import operations
from app.workorders.labels import COLOUR, stage_label, status_label
from app.workorders.operations.joining import join
from app.workorders.operations.report_kind import FAULT
from app.workorders.operations.requests import found_before, remember
from app.workorders.queries import codes, order_view
from app.workorders.queries.orders import OrderView
from app.workorders.queries.proposal import units_to_choose
from app.workorders.queries.tree import kind, kinds, sub_types
from app.workorders.views.amounts import amount_label
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting, text
from app.workorders.views.intake_form import needs_reason, photos_of_form, report_of_form, same_fault, sight
from app.workorders.views.order import shown
from app.workorders.views.questions import asked

LISTS = (
    "sub_type",
    "symptom",
    "hazard",
    "urgency",
    "importance",
    "mood",
    "voltage",
    "channel",
    "area",
    "secrecy",
    "answer_way",
)

MORE = frozenset({"appointment_at", "channel", "voltage", "line", "transformer_area", "external_no"})
"""Fields behind the fold: an error there opens it."""


@blueprint.get("/orders/new")
@requires("order.create")
def new_order() -> ResponseReturnValue:
    """An empty report, from a customer's page with their account; the browser brings back what was typed before."""
    empty = {"key": db.new_id(), "channel": "phone", "account_no": text("account_no")}
    return _page(empty | {"category": text("category") or FAULT}, {})


@blueprint.post("/orders/new/kind")
@requires("order.create")
def kind_of_order() -> ResponseReturnValue:
    """What the chosen sub-type asks: the third step of the tree and the guided questions."""
    return render_template("workorders/_kind.html", values=request.form, errors={}, **asked(request.form))


@blueprint.post("/orders/new/look")
@requires("order.create")
def look() -> ResponseReturnValue:
    """What is known about the report so far, for the page's side."""
    return render_template("workorders/_sight.html", **beside_form())


@blueprint.post("/orders/new")
@requires("order.create")
def take_order() -> ResponseReturnValue:
    """Make the order; sent twice it is still one."""
    return _refusable(_take)


@blueprint.post("/orders/new/remind")
@requires("order.remind")
def remind_instead() -> ResponseReturnValue:
    """The caller asks about an order under way: a reminder instead of a second order."""
    return _refusable(_remind)


@blueprint.post("/orders/new/join")
@requires("order.create")
def join_instead() -> ResponseReturnValue:
    """The caller suffers from the fault of an order under way: one more caller of that order."""
    return _refusable(_join)


@blueprint.get("/orders/<number>/accepted")
@requires("order.create", "order.remind")
def accepted(number: str) -> ResponseReturnValue:
    """The number to read aloud, and the next call."""
    details = order_view(number, **acting())
    return render_template("workorders/accepted.html", **shown(details), how=text("how"), read_aloud=grouped(number))


def _take() -> str:
    return url_for("workorders.accepted", number=take_report().number)


def take_report() -> OrderView:
    """Make the order of the form that was sent; sent twice it is still one. Raises `Invalid`, `Conflict`."""
    apart, reason, key = same_fault(), text("apart_reason")[:500], text("key")[:80]
    if needs_reason(apart) and not reason and not found_before(key, actor=acting()["actor"]):
        message = _("An order about this may be under way: choose it at the side, or say why this is another fault.")
        raise Invalid(message, errors={"apart_reason": [message]})
    return operations.accept_once(
        report_of_form(),
        key=key,
        photos=[file.id for file in photos_of_form()],
        apart_from=[each.order.number for each in apart],
        apart_reason=reason,
        **acting(),
    ).order


def _remind() -> str:
    return url_for("workorders.accepted", number=remind_report().number, how="reminded")


def remind_report() -> OrderView:
    """Remind of the order that `into` names instead of making a second one. Raises `Invalid`, `Conflict`."""
    number, key = text("into"), text("key")[:80]
    before = found_before(key, actor=acting()["actor"])
    if before is None:
        operations.remind(number, note=text("description")[:500], **acting())
        remember(order_view(number, **acting()).order, key=key, **acting())
    return order_view(number, **acting()).order


def _join() -> str:
    return url_for("workorders.accepted", number=join_report().number, how="joined")


def join_report() -> OrderView:
    """Make the caller one more of the order that `into` names. Raises `Invalid`, `Conflict`."""
    why = next((each.reasons for each in same_fault() if each.order.number == text("into")), ())
    return join(
        report_of_form(),
        into=text("into"),
        cause=_cause(why),
        key=text("key")[:80],
        photos=[file.id for file in photos_of_form()],
        **acting(),
    ).order


def _cause(reasons: tuple[str, ...]) -> str:
    words = {
        "account": _("same account"),
        "phone": _("same phone"),
        "address": _("same address"),
        "area": _("same transformer area"),
    }
    return "、".join(words[reason] for reason in reasons) or _("the agent's judgement")


def _refusable(do: Callable[[], str]) -> ResponseReturnValue:
    """Do it and go on; a refusal keeps what was typed and says it at its field."""
    try:
        return redirect(do())
    except Invalid as refused:
        db.session.rollback()
        errors = refused.details.get("errors") or {"": [str(refused)]}
        return _page(request.form, errors), 422
    except Conflict as refused:
        db.session.rollback()
        flash(str(refused), "error")
        return _page(request.form, {}), 409


def _page(values: Any, errors: dict[str, Any]) -> str:
    beside = beside_form() if request.method == "POST" else {}
    return render_template("workorders/intake.html", **form_context(values, errors), looked=bool(beside), **beside)


def form_context(values: Any, errors: dict[str, Any]) -> dict[str, Any]:
    """What `_intake_fields.html` shows: the fields of the chosen category with these values and errors."""
    chosen = str(values.get("category") or FAULT)
    return dict(
        values=values,
        errors=errors,
        category=chosen,
        fault=chosen == FAULT,
        kinds=[(each.code, localized(each.name, each.name_en)) for each in kinds()],
        kind=kind(chosen),
        **asked(values),
        options={
            name: [(each.code, localized(each.name, each.name_en)) for each in _codes(name, chosen)] for name in LISTS
        },
        units=units_to_choose(**acting()),
        photos=photos_of_form(),
        more_open=bool(MORE & errors.keys()),
    )


def _codes(name: str, category: str) -> list[Any]:
    """The words of a list; of the sub-types those of the category."""
    return sub_types(category) if name == "sub_type" else codes(name)


def beside_form() -> dict[str, Any]:
    """What `_sight.html` shows of the report typed so far."""
    seen = sight()
    return {
        "seen": seen,
        "apart_needed": needs_reason(seen.duplicates),
        "amount_label": amount_label,
        "stage_label": stage_label,
        "status_label": status_label,
        "colour": COLOUR,
        "unit_names": {unit.code: localized(unit.name, unit.name_en) for unit in units_to_choose(**acting())},
        **acting(),
    }


def grouped(number: str) -> list[str]:
    """The number in groups of four from its end, as it is read on the telephone."""
    head = len(number) % 4 or 4
    return [number[:head], *(number[at : at + 4] for at in range(head, len(number), 4))]
