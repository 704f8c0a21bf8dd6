"""What the outage's page shows of its handling: steps, estimate, plan, notices, verification, and the forms for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.outages.labels import span_words
from app.outages.operations.overlapping import elsewhere
from app.outages.operations.restoring import BACK, NOT_YET
from app.outages.queries.callbacks import order_callbacks
from app.outages.queries.handling import (
    PlanView,
    asked_counts,
    asked_of,
    etrs_of,
    plan_of,
    restorable,
    steps_of,
    stretches,
)
from app.outages.queries.next_steps import next_steps
from app.outages.queries.notices import notices_of
from app.outages.queries.view import OutageView
from app.outages.rights import APPROVE, MANAGE, NOTICE, PLAN
from app.outages.sections import Section
from app.outages.views.handling.plans import importance, shown

ASKED = 10
"""So many customers to call back stand on the outage's page; all of them have a page of their own."""


def pieces(outage: OutageView, actor: Actor, now: datetime) -> Sequence[Section]:
    """The pieces that have something to show."""
    found: list[Section] = []
    plan = plan_of(outage.id)
    if plan is not None:
        found.append(Section("main", "outages/handling/_plan.html", _plan(plan, outage, actor, now), 20))
    if steps := steps_of(outage.id):
        minutes = sum(step.minutes for step in steps)
        found.append(Section("main", "outages/handling/_steps.html", {"steps": steps, "minutes": minutes}, 30))
    asked = asked_of(outage.id, actor=actor, now=now, limit=ASKED)
    orders = order_callbacks([outage.id]).get(outage.id, 0) if outage.restored_at else 0
    if asked or orders:
        context: dict[str, Any] = {
            "asked": asked,
            "orders": orders,
            "counts": asked_counts(outage.id),
            "may_ask": authority.may(actor, "order.callback", unit_path=outage.unit_path, now=now),
        }
        found.append(Section("main", "outages/handling/_verification.html", context, 35))
    if notices := notices_of(outage.id):
        found.append(Section("main", "outages/handling/_notices.html", {"notices": notices}, 40))
    if etrs := etrs_of(outage.id):
        found.append(Section("side", "outages/handling/_etr.html", {"etrs": etrs}, 30))
    if acts := _acts(outage, actor, now):
        devices = restorable(outage, now=now) if "restore" in acts else []
        context = {"acts": acts, "devices": devices, "stretches": stretches(devices, now=now), "local": _local}
        found.append(Section("forms", "outages/handling/_forms.html", context, 30))
    return found


def _plan(plan: PlanView, outage: OutageView, actor: Actor, now: datetime) -> dict[str, Any]:
    """The plan with who asked, reviewed and approved, what it waits for, and who is out elsewhere below it."""
    return {
        "plan": plan,
        "planner": _named(plan.planner),
        "reviewer": _named(plan.reviewed_by),
        "approver": _named(plan.approved_by),
        "waits": next_steps(outage.number, user_id=actor.id, now=now) if outage.open else [],
        "elsewhere": elsewhere(outage.id),
        "not_yet": outage.status in NOT_YET,
        "shown": shown,
        "importance": importance,
        "span": span_words,
    }


def _named(username: str) -> str:
    user = people.users_named([username]).get(username)
    return localized(user.name, user.name_en) if user else username


def _acts(outage: OutageView, actor: Actor, now: datetime) -> set[str]:
    """What this person may do to the handling now."""
    if not outage.open:
        return set()

    def may(right: str) -> bool:
        return authority.may(actor, right, unit_path=outage.unit_path, now=now)

    acts: set[str] = set()
    if outage.status not in BACK | NOT_YET and outage.nature != "arrears" and may(MANAGE):
        acts |= {"restore", "etr"} if outage.nature == "unplanned" else {"restore"}
    if outage.status not in NOT_YET and outage.locked and outage.nature != "arrears" and may(NOTICE):
        acts.add("notice")
    if outage.status in NOT_YET and may(PLAN):
        acts.add("call-off")
    if outage.status == "noticed" and may(APPROVE):
        acts.add("reschedule")
    return acts


def _local(instant: datetime | None) -> Any:
    """As a field of local date and time holds it."""
    return instant.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M") if instant else ""
