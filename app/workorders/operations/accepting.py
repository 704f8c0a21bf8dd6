"""Accept a report (受理): write the order and start its process. The door through which every order comes."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import audit, settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.numbering import next_number
from app.workorders.models import WorkOrder
from app.workorders.normal import normal_address, normal_phone
from app.workorders.operations import trace
from app.workorders.operations.find import facts
from app.workorders.operations.report import InvalidReport, Report, check
from app.workorders.queries.codes import code
from app.workorders.queries.orders import OrderView, view
from app.workorders.search import index, search_text

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
    order = _write(report, unit, actor=actor, now=now)
    trace.event(order, "accepted", actor=actor, now=now, params={"channel": order.channel})
    audit.record(
        "order.accepted", actor=actor, now=now, subject_type="order", subject_id=order.number, unit_path=unit.path
    )
    index.put(order.id, search_text(order))
    _start(order, process, actor=actor, now=now)
    return view(order)


def _process(report: Report) -> str:
    known = code("category", report.category)
    process = known.facts.get("process") if known else None
    if not process:
        raise InvalidReport(
            _l("The report is not complete."),
            errors={"category": [_l("Orders of this category are not handled here yet.")]},
        )
    return str(process)


def _write(report: Report, unit: UnitView, *, actor: Actor, now: datetime) -> WorkOrder:
    reported_at = report.reported_at or now
    order = WorkOrder(
        number=next_number(PREFIX, now=now),
        category=report.category,
        sub_type=report.sub_type,
        ruleset=settings.current().ruleset,
        unit_code=unit.code,
        unit_path=unit.path,
        area=report.area or unit.area or "urban",
        channel=report.channel,
        urgency=report.urgency,
        importance=report.importance,
        mood=report.mood,
        sensitive=report.sensitive,
        supervised=report.supervised,
        contact_name=report.contact_name.strip(),
        contact_phone=normal_phone(report.phone) or "",
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


def _start(order: WorkOrder, process: str, *, actor: Actor, now: datetime) -> None:
    instance = engine.start(
        process,
        data=facts(order)
        | {"hazard": order.hazard, "sensitive": order.sensitive, "urgency": order.urgency, "channel": order.channel}
        | {"limits": {}},
        business_key=order.number,
        title=order.address,
        title_en=order.address,
        unit=order.unit_code,
        priority=order.priority,
        search=search_text(order),
        actor=actor,
        now=now,
    )
    order.instance_id = instance.id
    session.flush()
