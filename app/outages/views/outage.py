"""The page of one outage: facts, calls, why here, history, and what a dispatcher does there.

Other rooms add their sections (`outages.sections`): restoring, ETR, notices, crews.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.network import grid as network
from app.outages import explaining, labels
from app.outages.queries import outage_view
from app.outages.queries.affected import cause_words
from app.outages.queries.details import MOST, behind
from app.outages.queries.view import OutageView
from app.outages.rights import CONFIRM, MANAGE
from app.outages.sections import sections_for
from app.outages.sentences import sentence
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.workorders.queries.codes import codes


@blueprint.get("/<number>")
@requires("outage.read")
def outage(number: str) -> ResponseReturnValue:
    """One outage."""
    return page(number)


def page(number: str, *, refused: str = "", errors: Mapping[str, Any] | None = None, values: Any = None) -> str:
    """Render the page; `refused` is the form that was refused, with its errors and values."""
    now = clock.now()
    found = outage_view(number, **acting())
    shown = behind(found, **acting())
    name = device_name(now)
    unit = people.unit_by_code(found.unit_code, at=now)
    return render_template(
        "outages/outage.html",
        outage=found,
        behind=shown,
        unit_name=localized(unit.name, unit.name_en) if unit else found.unit_code,
        actions=_actions(found, now),
        why=explaining.explain(found.why, name),
        basis=explaining.basis(found.why),
        story=[(event, sentence(event.kind, event.params)) for event in shown.events],
        device=name,
        who=_who({event.actor for event in shown.events}),
        screening=explaining.screening,
        cause=cause_words(found.cause) if found.cause else "",
        causes=[(each.code, localized(each.name, each.name_en)) for each in codes("fault_cause")],
        upstream=_upstream(found, now, name),
        sections=sections_for(found, **acting()),
        labels=labels,
        most=MOST,
        refused=refused,
        errors=errors or {},
        values=values or {},
        now=now,
    )


def _who(refs: Collection[str]) -> Callable[[str], str]:
    """What the reader calls people by their sign-in names; empty for those there are not any more."""
    known = people.users_named(refs)
    return lambda ref: localized(known[ref].name, known[ref].name_en) if ref in known else ""


def device_name(now: datetime) -> Callable[[str], str]:
    """What the reader calls a device; the code where the grid does not know it."""
    return network.current(now).called


def _upstream(found: OutageView, now: datetime, name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Devices where the outage may really be: its own, and those above it."""
    grid = network.current(now)
    if not found.device_code or not grid.has(found.device_code):
        return []
    return [(code, f"{name(code)} ({code})") for code in (found.device_code, *grid.upstream(found.device_code))]


def _actions(found: OutageView, now: datetime) -> set[str]:
    """What this person may do here now."""
    if not found.open or found.nature != "unplanned":
        return set()
    actor = current_actor()
    may = {right: authority.may(actor, right, unit_path=found.unit_path, now=now) for right in (MANAGE, CONFIRM)}
    allowed = set()
    if may[CONFIRM] and found.confirmed_at is None:
        allowed.add("confirm")
    if may[MANAGE]:
        allowed |= {"move", "join"}
        if not found.customers_restored:
            allowed.add("cancel")
        if found.calls > 1:
            allowed.add("split")
    return allowed
