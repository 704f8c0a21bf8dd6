"""Bills and payments through the API: a customer's bills and arrears, one bill explained, payments recorded once."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE

from app.api import bill_schemas as io
from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.billing import operations
from app.billing.explaining import explain
from app.billing.operations.paying import customer_of
from app.billing.queries import arrears_of, bill_view, bills_of
from app.identity import authority
from app.identity.session import acting
from app.kernel.clock import LOCAL
from app.web.access import requires
from app.web.security import limiter

blueprint = Blueprint("bills", "bills", url_prefix=PREFIX, description="Bills, arrears and payments")


@blueprint.get("/customers/<number>/bills")
@requires("bill.view")
@blueprint.arguments(io.BillsQuery, location="query", unknown=RAISE)
@blueprint.response(200, io.CustomerBills)
@blueprint.alt_response(403, schema=Problem)
@blueprint.alt_response(404, schema=Problem)
def customer_bills(query: dict[str, Any], number: str) -> dict[str, Any]:
    """A customer's bills, newest first, what is overdue with its late fee today, and what is held in advance."""
    who = acting()
    customer = customer_of(number)
    authority.require(who["actor"], "bill.view", unit_path=customer.unit_path, now=who["now"])
    return {
        "customer": customer.number,
        "balance": customer.balance,
        "arrears": arrears_of(customer.id, at=who["now"]),
        "items": bills_of(customer.id, query["limit"], at=who["now"]),
    }


@blueprint.get("/bills/<number>")
@requires("bill.view")
@blueprint.response(200, io.BillDetails)
@blueprint.alt_response(403, schema=Problem)
@blueprint.alt_response(404, schema=Problem)
def bill(number: str) -> dict[str, Any]:
    """One bill with its lines, each with its calculation in words."""
    view = bill_view(number, **acting())
    lines = [io.plain(explain(line)) | {"code": line["code"], "amount": line["amount"]} for line in view.lines or ()]
    return io.plain(view.row) | {
        "customer": view.customer_number,
        "tariff": view.tariff_code,
        "reason": view.reason,
        "lines": lines,
        "facts": dict(view.facts),
        "related": [each.number for each in view.related],
    }


@blueprint.post("/payments")
@requires("payment.record")
@limiter.limit("1200/minute")
@blueprint.arguments(io.NewPayment)
@blueprint.response(201, io.RecordedPayment, description="A new payment")
@blueprint.alt_response(200, schema=io.RecordedPayment, description="The payment that the same request made before")
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(409, schema=Problem, description="The reference names another payment")
@blueprint.alt_response(422, schema=Problem, description="Fields that do not fit, by name")
def pay(sent: dict[str, Any]) -> Any:
    """Record a payment and use it for the oldest bills; what is over is held in advance."""
    who = acting()
    sent["paid_on"] = io.day_or(sent["paid_on"], who["now"].astimezone(LOCAL).date())
    recorded = operations.record_payment(operations.NewPayment(**sent), **who)
    return recorded, 201 if recorded.new else 200
