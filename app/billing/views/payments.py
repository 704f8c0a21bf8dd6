"""Payments at the counter: recorded from the customer's page, taken back from there."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing import operations
from app.billing.operations import NewPayment
from app.billing.views.blueprint import blueprint
from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.web.access import requires
from app.web.inputs import day, text


@blueprint.post("/payments")
@requires("payment.record")
def pay() -> ResponseReturnValue:
    """Record a payment that came to the counter."""
    who = acting()
    try:
        amount = Decimal(text("amount"))
    except InvalidOperation:
        amount = Decimal("NaN")
    given = NewPayment(
        customer=text("customer"),
        amount=amount,
        source=text("source"),
        reference=text("reference"),
        paid_on=day("paid_on") or who["now"].astimezone(LOCAL).date(),
        note=text("note"),
    )
    recorded = operations.record_payment(given, **who)
    message = _("Payment %(number)s is recorded.", number=recorded.number)
    flash(
        message if recorded.new else _("This payment was recorded before as %(number)s.", number=recorded.number),
        "success",
    )
    return redirect(url_for("customers.customer", number=given.customer, tab="bills"))


@blueprint.post("/payments/<number>/reverse")
@requires("payment.record")
def reverse(number: str) -> ResponseReturnValue:
    """Take a payment back."""
    operations.reverse_payment(number, reason=text("reason"), **acting())
    flash(_("Payment %(number)s is taken back.", number=number), "success")
    return redirect(url_for("customers.customer", number=text("customer"), tab="bills"))
