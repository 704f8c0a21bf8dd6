"""My key accounts: what needs attention first, open visits and consents, every account with its alerts."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.errors import LightlineError
from app.kernel.i18n import localized
from app.keyaccounts import labels
from app.keyaccounts.days import day_of
from app.keyaccounts.operations import make_account
from app.keyaccounts.queries.accounts import MANAGE, VIEW, accounts_under
from app.keyaccounts.queries.alerts import alerts_of
from app.keyaccounts.queries.consents import consents_at
from app.keyaccounts.queries.visits import open_visits
from app.keyaccounts.views.blueprint import blueprint
from app.keyaccounts.views.words import alert_words, importance_label, shown_day
from app.web.access import requires
from app.web.inputs import text


@blueprint.get("/key-accounts")
@requires("keyaccount.view")
def mine() -> ResponseReturnValue:
    """The accounts I look after, or all of my units."""
    return _page()


@blueprint.post("/key-accounts")
@requires("keyaccount.manage")
def new_account() -> ResponseReturnValue:
    """Look after a customer as a key account."""
    number = text("number")
    try:
        make_account(number, manager=current_actor().username if text("mine") else "", **acting())
    except LightlineError as refused:
        db.session.rollback()
        return _page(error=str(refused), number=number), refused.status
    flash(
        _("Customer %(number)s is looked after as a key account now: grade its importance.", number=number), "success"
    )
    return redirect(url_for("keyaccounts.account", number=number))


def _page(*, error: str = "", number: str = "") -> str:
    actor, now = current_actor(), clock.now()
    paths = authority.paths(actor, VIEW, now=now)
    every = bool(text("all")) or not _looks_after(paths)
    found = accounts_under(paths, on=day_of(now), manager="" if every else actor.username)
    ids = [account.id for account in found]
    names = people.users_named({account.manager for account in found if account.manager})
    return render_template(
        "keyaccounts/mine.html",
        accounts=found,
        alerts=alerts_of(found, now=now),
        visits=open_visits(ids),
        consents=consents_at(ids, waiting=True),
        name_of={account.number: account.name for account in found},
        manager={name: localized(user.name, user.name_en) for name, user in names.items()},
        every=every,
        may_add=bool(authority.paths(actor, MANAGE, now=now)),
        today=day_of(now),
        error=error,
        number=number,
        labels=labels,
        alert_words=alert_words,
        importance_label=importance_label,
        shown_day=shown_day,
        args=request.args,
    )


def _looks_after(paths: list[str]) -> bool:
    """Whether the reader has accounts of their own: who has none sees those of their units."""
    now = clock.now()
    return bool(accounts_under(paths, on=day_of(now), manager=current_actor().username, limit=1))
