"""The page of one key account: contract, manager, importance, backup supply, visits, consents, hazards."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.keyaccounts import labels
from app.keyaccounts.days import day_of
from app.keyaccounts.queries.accounts import (
    MANAGE,
    AccountView,
    account_view,
    managers_of,
    reviews_of,
    supplies_of,
)
from app.keyaccounts.queries.alerts import alerts_of, last_demand
from app.keyaccounts.queries.consents import consents_at
from app.keyaccounts.queries.visits import hazards_of, visits_of
from app.keyaccounts.views import words
from app.keyaccounts.views.blueprint import blueprint
from app.web.access import requires

BLANK_ROWS = 2
YEARS = 3


@blueprint.get("/key-accounts/<number>")
@requires("keyaccount.view")
def account(number: str) -> ResponseReturnValue:
    """One key account."""
    return page(account_view(number, **acting()))


def page(view: AccountView, *, refused: str = "", errors: dict[str, Any] | None = None, values: Any = None) -> str:
    """The account's page; `refused` names the form that comes back with its errors and values."""
    actor, now = current_actor(), clock.now()
    today = day_of(now)
    supplies = supplies_of(view.id)
    may_manage = authority.may(actor, MANAGE, unit_path=view.unit_path, now=now)
    managers = managers_of(view.id)
    reviews = reviews_of(view.id)
    names = people.users_named({one.username for one in managers} | {one.by for one in reviews})
    unit = people.unit_by_code(view.unit_code, at=now)
    return render_template(
        "keyaccounts/account.html",
        a=view,
        unit=localized(unit.name, unit.name_en) if unit else view.unit_code,
        alerts=alerts_of([view], now=now)[view.id],
        demand=last_demand([view.customer_id]).get(view.customer_id),
        supplies=supplies,
        blank_rows=BLANK_ROWS if may_manage else 0,
        visits=visits_of(view.id),
        hazards=hazards_of([view.id], open_only=True),
        consents=consents_at([view.id], limit=10),
        managers=managers,
        reviews=reviews,
        known_as={name: localized(user.name, user.name_en) for name, user in names.items()},
        candidates=_candidates(view) if may_manage else [],
        may_manage=may_manage,
        years=[today.year - place for place in range(YEARS)],
        today=today,
        labels=labels,
        words=words,
        consequences=[("", _("Choose")), *((key, str(label)) for key, label in labels.CONSEQUENCE.items())],
        scales=[(key, str(label)) for key, label in labels.SCALE.items()],
        refused=refused,
        errors=errors or {},
        values=values,
    )


def _candidates(view: AccountView) -> list[tuple[str, str]]:
    """(sign-in name, name) of those who may look after this account."""
    found = people.users_with(MANAGE, unit_path=view.unit_path, at=clock.now())
    return [("", _("Choose")), *((user.username, localized(user.name, user.name_en)) for user in found)]
