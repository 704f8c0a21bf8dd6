"""What a customer's contract says over time, as a list, and the form for terms from a day on."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing.operations import terms as operations
from app.billing.operations.terms import BadTerms, NewTerms, TermsOverlap
from app.billing.queries.bills import VIEW
from app.billing.queries.contracts import terms_of
from app.billing.queries.tariffs import tariff_list
from app.billing.views.blueprint import blueprint
from app.billing.views.shown import words
from app.customers.queries.view import customer_view
from app.identity import authority
from app.identity.session import acting
from app.kernel import db
from app.kernel.clock import LOCAL
from app.web.access import requires
from app.web.inputs import day, text
from app.web.inputs import number as whole

PERCENT = Decimal(100)


@blueprint.get("/customers/<number>/terms")
@requires(VIEW)
def terms(number: str) -> ResponseReturnValue:
    """The customer's terms, newest first."""
    return _page(number, {})


@blueprint.post("/customers/<number>/terms")
@requires("bill.issue")
def add_terms(number: str) -> ResponseReturnValue:
    """Let terms hold from a day on."""
    try:
        bills = operations.add_terms(number, _given(), **acting())
    except BadTerms as refused:
        db.session.rollback()
        return _page(number, refused.details["errors"]), 422
    except TermsOverlap as refused:
        db.session.rollback()
        return _page(number, {"valid_from": [str(refused)]}), 409
    flash(_("The terms hold."), "success")
    if bills:
        flash(
            _("Bills that cover days of these terms may need a correction: %(bills)s.", bills=", ".join(bills)),
            "warning",
        )
    return redirect(url_for("billing.terms", number=number))


@blueprint.post("/customers/terms/<int:terms_id>/withdraw")
@requires("bill.issue")
def withdraw_terms(terms_id: int) -> ResponseReturnValue:
    """Take terms back that nothing was billed by."""
    number = operations.withdraw_terms(terms_id, **acting())
    flash(_("The terms are taken back."), "success")
    return redirect(url_for("billing.terms", number=number))


def _page(number: str, errors: dict[str, Any]) -> str:
    who = acting()
    view = customer_view(number, right=VIEW, **who)
    today = who["now"].astimezone(LOCAL).date()
    return render_template(
        "billing/terms.html",
        customer=view,
        rows=terms_of(view.id),
        today=today,
        tariffs=[
            ("", _("As in the customer's own data")),
            *((one.code, f"{one.code} {one.name}") for one in tariff_list(today)),
        ],
        may_change=authority.may(who["actor"], "bill.issue", unit_path=view.unit_path, now=who["now"]),
        errors=errors,
        values=request.form,
        **words(),
    )


def _given() -> NewTerms:
    begin = day("valid_from")
    errors: dict[str, list[str]] = {} if begin else {"valid_from": [_("Name the first day.")]}
    if text("valid_to") and day("valid_to") is None:
        errors["valid_to"] = [_("This is no day.")]
    numbers = {name: _number(name, errors) for name in ("capacity", "contract_demand", "loss_rate", "loss_fixed")}
    people = whole("household") if text("household") else 0
    if people is None:
        errors["household"] = [_("A whole number is needed.")]
    if errors or begin is None:
        raise BadTerms(_("The terms are not complete."), errors=errors)
    return NewTerms(
        valid_from=begin,
        valid_to=day("valid_to"),
        tariff_code=text("tariff_code"),
        capacity=numbers["capacity"],
        contract_demand=numbers["contract_demand"],
        household=people or 0,
        loss_rate=(numbers["loss_rate"] or Decimal(0)) / PERCENT,
        loss_fixed=numbers["loss_fixed"] or Decimal(0),
        do_not_cut=text("do_not_cut"),
    )


def _number(name: str, errors: dict[str, list[str]]) -> Decimal | None:
    given = text(name)
    if not given:
        return None
    try:
        value = Decimal(given)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        errors[name] = [_("A number is needed.")]
        return None
    return value
