"""The page of one order: who reported what, where it stands, its limits and its story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock
from app.kernel.i18n import localized
from app.web.access import requires
from app.workorders.labels import COLOUR, ETR_SOURCE, STAMP, stage_label, stamp_label, status_label
from app.workorders.operations.allowed import allowed_actions
from app.workorders.operations.report_kind import FAULT
from app.workorders.operations.transferring import nearby_units
from app.workorders.queries import OrderDetails, codes, order_view
from app.workorders.queries.codes import CodeView
from app.workorders.queries.details import StageView
from app.workorders.queries.tree import kind, kinds, sub_types
from app.workorders.sections import sections_for
from app.workorders.sentences import sentence
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting
from app.workorders.views.questions import answered, chosen_kind, fields_of, words_of

PERMISSIONS = {
    "cancel": ("order.cancel",),
    "suspend": ("order.manage",),
    "resume": ("order.manage",),
    "transfer": ("order.dispatch",),
    "assist": ("order.dispatch", "crew.work"),
    "merge": ("order.manage",),
    "unmerge": ("order.manage",),
    "recategorise": ("order.manage",),
    "remind": ("order.remind",),
}
"""Any one of these rights is needed for an action."""

FAULT_STEPS = frozenset(STAMP) - {"fault", "estimated", "answered"}
DESK_STEPS = frozenset(
    {"accepted", "dispatched", "taken", "replied", "reviewed", "answered", "called_back", "archived"}
)
EXPECTED = {
    FAULT: FAULT_STEPS,
    "application": frozenset({"accepted", "called_back", "archived"}),
    "praise": frozenset({"accepted", "archived"}),
}
"""The timestamps that are shown empty while they are still to come; stages of applications have their own cards."""


@blueprint.get("/orders/<number>")
@requires("order.read")
def order(number: str) -> ResponseReturnValue:
    """One order, with the buttons for what this person may do to it now."""
    return page(number)


def page(number: str, *, refused: str = "", errors: dict[str, Any] | None = None, values: Any = None) -> str:
    """Render the order's page; `refused` is the action whose form was refused, with its errors and values."""
    details = order_view(number, **acting())
    return render_template(
        "workorders/order.html",
        **shown(details),
        actions=_actions(details),
        sections=sections_for(details.order, **acting()),
        tasks=_tasks(details),
        refused=refused,
        errors=errors or {},
        values=values or {},
        unit_options=nearby_units(details.order.unit_path, now=clock.now()),
        cancel_reasons=_options("cancel_reason"),
        suspend_reasons=_options("suspend_reason"),
        categories=_categories(),
        questions=fields_of(*chosen_kind()) if refused == "recategorise" else [],
    )


def shown(details: OrderDetails) -> dict[str, Any]:
    """What the templates of an order show, in the reader's language; also for its panel and its print."""
    now = clock.now()

    def name(kind: str, word: str) -> str:
        view = details.names.get((kind, word))
        return localized(view.name, view.name_en) if view else word

    return {
        "order": details.order,
        "d": details,
        "unit_name": localized(details.unit.name, details.unit.name_en) if details.unit else details.order.unit_code,
        "crew_name": localized(details.crew.name, details.crew.name_en) if details.crew else "",
        "name": name,
        "now": now,
        "kind": kind(details.order.category, details.order.sub_type),
        "asked": answered(details.order.category, details.order.sub_type, details.order.details),
        "stages": _stages(details),
        "against_name": _unit_name(details.order.against_unit, now),
        "handler_name": _person(details.order.handler),
        "steps": _steps(details),
        "story": [
            (event, sentence(event.kind, event.params, names=details.names, at=now))
            for event in reversed(details.events)
        ],
        "status_label": status_label,
        "stage_label": stage_label,
        "stamp_label": stamp_label,
        "etr_source": ETR_SOURCE,
        "colour": COLOUR,
    }


def _steps(details: OrderDetails) -> list[tuple[str, Any]]:
    """The timestamps of the present round in their order, those to come empty."""
    at = {stamp.name: stamp for stamp in details.stamps if stamp.round == details.order.round}
    expected = EXPECTED.get(details.order.category, DESK_STEPS)
    return [(name, at.get(name)) for name in STAMP if name in at or name in expected]


def _stages(details: OrderDetails) -> list[tuple[StageView, list[tuple[str, str]]]]:
    """What the stages of this order brought, in words."""
    found = kind(details.order.category, details.order.sub_type)
    process = found.process if found else ""
    return [(stage, words_of(process, stage.stage, stage.values)) for stage in details.stages if stage.values]


def _unit_name(code: str, now: datetime) -> str:
    unit = people.unit_by_code(code, at=now) if code else None
    return localized(unit.name, unit.name_en) if unit else code


def _person(username: str) -> str:
    user = people.user_view(username) if username else None
    return localized(user.name, user.name_en) if user else username


def _categories() -> list[tuple[str, str]]:
    """Category and sub-type as one choice: `complaint/complaint_service`."""
    return [
        (f"{top.code}/{sub.code if sub else ''}", label(top, sub))
        for top in kinds()
        for sub in ([None] if not top.facts.get("sub_type_needed") else []) + list(sub_types(top.code))
    ]


def label(top: CodeView, sub: CodeView | None) -> str:
    name = localized(top.name, top.name_en)
    return f"{name} › {localized(sub.name, sub.name_en)}" if sub else name


def _actions(details: OrderDetails) -> list[str]:
    actor, now = current_actor(), clock.now()
    path = details.order.unit_path
    return [
        action
        for action in PERMISSIONS
        if action in allowed_actions(details.order.status, now=now)
        and any(authority.may(actor, right, unit_path=path, now=now) for right in PERMISSIONS[action])
    ]


def _tasks(details: OrderDetails) -> list[tuple[str, str, str]]:
    """(task id, step, who holds it) of what is open in the order's process and its helpers."""
    views = engine.list_instances(business_key=details.order.number, status="active")
    open_tasks = [task for view in views for task in engine.open_tasks(view.id)]
    holders = people.user_views(task.assignee_id for task in open_tasks if task.assignee_id is not None)
    return [
        (
            task.id,
            localized(task.name, task.name_en),
            localized(who.name, who.name_en) if (who := holders.get(task.assignee_id or 0)) else "",
        )
        for task in open_tasks
    ]


def _options(kind: str) -> list[tuple[str, str]]:
    return [(each.code, localized(each.name, each.name_en)) for each in codes(kind)]
