"""A bill's page: each line with its reasons, readings, tiers, earlier bills, payments, corrections; and its PDF."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing import operations
from app.billing.figures import money
from app.billing.operations import NotBillable, NothingToCorrect
from app.billing.queries.bills import BillView, bill_view
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.customers.masking import masked
from app.identity import authority
from app.identity.session import acting
from app.kernel import audit, db
from app.kernel.errors import Invalid
from app.web import pdf
from app.web.access import requires
from app.web.inputs import text
from app.web.security import limiter

SENSITIVE = "customer.sensitive"


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of the tiers' bar, in parts of a hundred of its length."""

    name: str
    begin: float
    width: float
    filled: float
    above: Decimal


@blueprint.get("/bills/<number>")
@requires("bill.view")
def bill(number: str) -> ResponseReturnValue:
    """One bill, explained."""
    view = bill_view(number, **acting())
    return render_template("billing/bill.html", **_shown(view))


@blueprint.get("/bills/<number>.pdf")
@requires("bill.view")
@limiter.limit("60/minute")
def bill_pdf(number: str) -> Response:
    """The bill on paper; the audit trail notes who printed it."""
    view = bill_view(number, **acting())
    content = pdf.render("billing/bill_sheet.html", **_shown(view))
    db.run(
        lambda: audit.record(
            "bill.printed", subject_type="bill", subject_id=number, unit_path=view.unit_path, **acting()
        )
    )
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{view.row.number}.pdf"'
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


@blueprint.get("/bills/<number>/again")
@requires("bill.correct")
def bill_again(number: str) -> ResponseReturnValue:
    """What the bill would be, computed anew: a piece of its page with the form to correct it."""
    view = bill_view(number, **acting())
    context: dict[str, Any] = {"b": view, "computed": None, "refusal": None, "adjustment": text("adjustment")}
    try:
        adjustment = _energy(text("adjustment"))
        context["computed"] = operations.preview_correction(number, adjustment=adjustment, **acting())
        context["lines"] = [line.plain() for line in context["computed"].lines]
    except NotBillable as refused:
        context["refusal"] = refused.details
    return render_template("billing/_again.html", **context, **words())


@blueprint.post("/bills/<number>/correct")
@requires("bill.correct")
def bill_correct(number: str) -> ResponseReturnValue:
    """Put a new bill in the place of this one."""
    try:
        made = operations.correct_bill(
            number, reason=text("reason"), adjustment=_energy(text("adjustment")), **acting()
        )
    except NothingToCorrect as refused:
        flash(str(refused), "warning")
        return redirect(url_for("billing.bill", number=number))
    if made.later:
        flash(
            _(
                "Later bills of the year count this energy in their tiers; look at %(bills)s.",
                bills=", ".join(made.later),
            ),
            "warning",
        )
    flash(_("The bill is corrected; the difference is %(amount)s yuan.", amount=money(made.difference)), "success")
    return redirect(url_for("billing.bill", number=made.bill))


@blueprint.post("/bills/<number>/void")
@requires("bill.correct")
def bill_void(number: str) -> ResponseReturnValue:
    """Make the bill count no more."""
    operations.void_bill(number, reason=text("reason"), **acting())
    flash(_("The bill is void."), "success")
    return redirect(url_for("billing.bill", number=number))


def _energy(given: str) -> Decimal:
    try:
        value = Decimal(given or "0")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > Decimal("99999999"):
        message = _("Energy is a number of kWh.")
        raise Invalid(message, errors={"adjustment": [message]})
    return value


def _shown(view: BillView) -> dict[str, Any]:
    who = acting()
    whole = authority.may(who["actor"], SENSITIVE, unit_path=view.unit_path, now=who["now"])
    may_correct = authority.may(who["actor"], "bill.correct", unit_path=view.unit_path, now=who["now"])
    correctable = view.row.state in ("issued", "part", "paid") and view.row.kind != "credit"
    return {
        "b": view,
        "name": view.customer_name if whole else masked(view.customer_name, "surname"),
        "address": view.address if whole else masked(view.address, "house"),
        "tiers": _tiers(view.facts.get("tiers")),
        "may_correct": may_correct and correctable,
        "may_void": may_correct and view.row.state in ("draft", "issued") and not view.row.paid,
        **words(),
    }


def _tiers(facts: Any) -> list[Tier]:
    """The bar of tiers: each step's place, and how far the use reaches into it."""
    if not facts:
        return []
    marks = [Decimal(0), *(Decimal(mark) for mark in facts["above"])]
    used = Decimal(facts["used"])
    end = max(used, marks[-1] * Decimal("1.25"))
    found = []
    for place, begin in enumerate(marks):
        upper = marks[place + 1] if place + 1 < len(marks) else end
        reach = min(max(used - begin, Decimal(0)), upper - begin)
        found.append(Tier(str(place + 1), _share(begin, end), _share(upper - begin, end), _share(reach, end), begin))
    return found


def _share(part: Decimal, whole: Decimal) -> float:
    return round(float(part / whole * 100), 2) if whole else 0.0
