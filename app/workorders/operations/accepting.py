"""Accept a report (受理): write the order and start its process. The door through which every order comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.phones import normalise
from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import audit, settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.numbering import next_number
from app.workorders.models import WorkOrder
from app.workorders.normal import normal_address
from app.workorders.operations import trace
from app.workorders.operations.answers import answers_of
from app.workorders.operations.find import facts
from app.workorders.operations.importance import importance_of
from app.workorders.operations.report import InvalidReport, Report, check
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.tree import kind
from app.workorders.search import index, search_text, titles

PREFIX = "GD"


def accept(report: Report, *, actor: Actor, now: datetime) -> OrderView:
    """Turn a report into an order under way.

    Raises `InvalidReport` (errors by field) and `Forbidden` (no right `order.create` there).
    """
    check(report, now=now)
    unit = people.unit_by_code(report.unit, at=now)
    if unit is None:
        raise InvalidReport(_l("The report is not complete."), errors={"unit": [_l("There is no such unit.")]})
    authority.require(actor, "order.create", unit_path=unit.path, now=now)
    process = _process(report)
    answered = answers_of(report, now=now)
    against = _against(report, unit, now)
    order = _write(report, unit, against, answered, actor=actor, now=now)
    trace.event(order, "accepted", actor=actor, now=now, params={"channel": order.channel})
    audit.record(
        "order.accepted", actor=actor, now=now, subject_type="order", subject_id=order.number, unit_path=unit.path
    )
    index.put(order.id, search_text(order))
    start_process(order, process, actor=actor, now=now)
    return view(order)


def _process(report: Report) -> str:
    found = kind(report.category, report.sub_type)
    if found is None or not found.process:
        raise InvalidReport(
            _l("The report is not complete."),
            errors={"category": [_l("Orders of this category are not handled here yet.")]},
        )
    return found.process


def _against(report: Report, unit: UnitView, now: datetime) -> UnitView | None:
    """The unit complained of: the one named, else the unit in charge; none for kinds that complain of nobody."""
    found = kind(report.category, report.sub_type)
    if found is None or not found.against:
        return None
    if not report.against_unit:
        return unit
    against = people.unit_by_code(report.against_unit, at=now)
    if against is None:
        raise InvalidReport(_l("The report is not complete."), errors={"against_unit": [_l("There is no such unit.")]})
    return against


def _write(
    report: Report,
    unit: UnitView,
    against: UnitView | None,
    answered: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    reported_at = report.reported_at or now
    order = WorkOrder(
        number=next_number(PREFIX, now=now),
        category=report.category,
        sub_type=report.sub_type,
        item=report.item,
        secrecy=report.secrecy,
        against_unit=against.code if against else "",
        against_path=against.path if against else "",
        details=dict(answered),
        external_no=report.external_no.strip(),
        answer_way=report.answer_way,
        answer_to=report.answer_to.strip(),
        answer=report.solution.strip(),
        ruleset=settings.current().ruleset,
        unit_code=unit.code,
        unit_path=unit.path,
        area=report.area or unit.area or "urban",
        channel=report.channel,
        urgency=report.urgency,
        importance=importance_of(report.account_no, report.importance),
        mood=report.mood,
        sensitive=report.sensitive,
        supervised=report.supervised,
        contact_name=report.contact_name.strip(),
        contact_phone=normalise(report.phone) or "",
        phone_as_given=report.phone.strip(),
        account_no=report.account_no.strip(),
        address=report.address.strip(),
        address_key=normal_address(report.address),
        description=report.description.strip(),
        symptom=report.symptom,
        hazard=report.hazard,
        voltage=report.voltage,
        line=report.line,
        transformer_area=report.transformer_area,
        appointment_at=report.appointment_at,
        fault_at=report.fault_at,
        reported_at=reported_at,
        accepted_at=now,
        accepted_by=actor.ref,
    )
    session.add(order)
    session.flush()
    if report.fault_at is not None:
        trace.stamp(order, "fault", actor=actor, now=report.fault_at)
    trace.stamp(order, "accepted", actor=actor, now=now)
    return order


def start_process(order: WorkOrder, process: str, *, actor: Actor, now: datetime) -> None:
    """Start the order's diagram. Its variables hold codes and the order's id, never the person."""
    title, title_en = titles(order)
    instance = engine.start(
        process,
        data=facts(order) | first_facts(order) | {"limits": {}},
        business_key=order.number,
        title=title,
        title_en=title_en,
        unit=order.unit_code,
        priority=order.priority,
        search=search_text(order),
        actor=actor,
        now=now,
    )
    order.instance_id = instance.id
    session.flush()


def first_facts(order: WorkOrder) -> dict[str, Any]:
    """What the first decisions of the diagrams ask: codes of the report, never words of a person."""
    asked = {name: order.details.get(name) for name in ("media", "loss", "repeated")}
    return asked | {
        "hazard": order.hazard,
        "sensitive": order.sensitive,
        "urgency": order.urgency,
        "channel": order.channel,
        "mood": order.mood,
        "answer_way": order.answer_way,
        "solved": bool(order.answer),
    }
