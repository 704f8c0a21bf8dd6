"""What a manager does on an account's page: contract, manager, importance, backup supply, visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.identity.session import acting
from app.kernel import clock, db
from app.kernel.errors import Invalid
from app.keyaccounts import operations
from app.keyaccounts.days import day_of
from app.keyaccounts.operations import AccountData, Supply
from app.keyaccounts.queries.accounts import account_view
from app.keyaccounts.views.account import page
from app.keyaccounts.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import day, text
from app.web.inputs import number as whole

MOST_ROWS = 20


def _contract(number: str) -> None:
    data = AccountData(
        contract_demand=_amount("contract_demand"),
        security_load=_amount("security_load"),
        contract_until=_day("contract_until"),
        note=text("note"),
        active=bool(text("active")),
    )
    operations.save_account(number, data, revision=whole("revision") or 0, **acting())


def _manager(number: str) -> None:
    operations.appoint_manager(number, text("manager"), **acting())


def _importance(number: str) -> None:
    operations.review_importance(
        number, consequence=text("consequence"), scale=text("scale"), temporary=bool(text("temporary")), **acting()
    )


def _supplies(number: str) -> None:
    rows = [place for place in range(MOST_ROWS) if text(f"kind_{place}")]
    operations.save_supplies(number, [_supply(place) for place in rows], **acting())


def _plan(number: str) -> None:
    operations.plan_year(number, whole("year") or day_of(clock.now()).year, **acting())


def _visit(number: str) -> None:
    due = _day("due")
    if due is None:
        message = _("Say by which day the visit is to be made.")
        raise Invalid(message, errors={"due": [message]})
    operations.plan_visit(number, due=due, purpose=text("purpose"), **acting())


def _cancel_visit(_number: str) -> None:
    operations.cancel_visit(text("visit"), **acting())


ACTS: dict[str, tuple[Callable[[str], None], Any]] = {
    "contract": (_contract, _l("The account is saved.")),
    "manager": (_manager, _l("The account has its manager.")),
    "importance": (_importance, _l("The importance is graded.")),
    "supplies": (_supplies, _l("The backup supply is saved.")),
    "plan": (_plan, _l("The year's visits are planned.")),
    "visit": (_visit, _l("The visit is with the manager.")),
    "cancel-visit": (_cancel_visit, _l("The visit is taken back.")),
}


@blueprint.post("/key-accounts/<number>/<act>")
@requires("keyaccount.manage")
def act_on_account(number: str, act: str) -> ResponseReturnValue:
    """Do it; the operation checks right and values. A refused form comes back with its errors."""
    if act not in ACTS:
        abort(404)
    do, done = ACTS[act]
    try:
        do(number)
    except Invalid as refused:
        db.session.rollback()
        errors = refused.details.get("errors", {"": [str(refused)]})
        return page(account_view(number, **acting()), refused=act, errors=errors, values=request.form), 422
    flash(str(done), "success")
    return redirect(url_for("keyaccounts.account", number=number))


def _supply(place: int) -> Supply:
    return Supply(
        kind=text(f"kind_{place}"),
        name=text(f"name_{place}"),
        line_code=text(f"line_{place}"),
        capacity=_amount(f"capacity_{place}"),
        transfer_minutes=_amount(f"minutes_{place}"),
        interlocked=bool(text(f"interlocked_{place}")),
        tested_on=_day(f"tested_{place}"),
        note="",
    )


def _amount(name: str) -> Decimal | None:
    """An amount of the form, None where it is empty; `Invalid` where it is none."""
    given = text(name).replace(",", "")
    if not given:
        return None
    try:
        value = Decimal(given[:20])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        message = _("This is no number.")
        raise Invalid(message, errors={name: [message]})
    return value.quantize(Decimal("0.01"))


def _day(name: str) -> date | None:
    found = day(name)
    if found is None and text(name):
        message = _("This is no day. Write it like 2026-03-02.")
        raise Invalid(message, errors={name: [message]})
    return found
