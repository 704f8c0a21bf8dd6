"""督办: a department supervises an order; what becomes of it is the process `supervision_order`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.numbering import next_number
from app.supervision.models import SupervisionOrder
from app.supervision.operations.folding import TOPIC
from app.supervision.queries.lines import group_of, line_in_charge
from app.supervision.queries.words import words
from app.workorders.models import WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import open_order
from app.workorders.queries.secrecy import spoken
from app.workorders.search import titles

PROCESS = "supervision_order"
PREFIX = "DB"
OPEN = ("answering", "evaluating")
GRADES = ("general", "important", "urgent")
LONGEST = 500


class BadSupervision(Invalid):
    code = "supervision_invalid"


class AlreadySupervised(Conflict):
    """The order has a 督办 that is not closed."""

    code = "already_supervised"


class SupervisionNotFound(NotFound):
    code = "supervision_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Why (a code of kind `reason`), how grave (general, important, urgent) and what is asked of the unit."""

    reason: str
    grade: str
    text: str


def supervise(number: str, request: Request, *, actor: Actor, now: datetime) -> SupervisionOrder:
    """Supervise an order under way: flag it, tell its holders, ask the head of its unit for measures.

    Raises `Forbidden` (not in the actor's line or units), `OrderClosed`, `AlreadySupervised`, `BadSupervision`.
    """
    order = open_order(number)
    line = line_in_charge(actor, order.category, order.sub_type, unit_path=order.unit_path, now=now)
    _check(request)
    if session.scalar(sa.select(SupervisionOrder.id).where(_open_of(order)).limit(1)):
        raise AlreadySupervised(_l("Order %(number)s is already under supervision.", number=order.number))
    row = SupervisionOrder(
        number=next_number(PREFIX, now=now),
        order_id=order.id,
        order_number=order.number,
        category=order.category,
        sub_type=order.sub_type,
        unit_code=order.unit_code,
        unit_path=order.unit_path,
        line=line.code,
        group=group_of(line, order.unit_path, actor, now=now) or f"supervisor@{order.unit_code}",
        reason=request.reason,
        grade=request.grade,
        request=spoken(order, request.text.strip()),
        issued_by=actor.ref,
        issued_at=now,
    )
    session.add(row)
    order.supervised = True
    session.flush()
    trace.event(order, "supervised", actor=actor, now=now, params={"number": row.number, **_reason(row)})
    _record("supervision.issued", row, actor=actor, now=now)
    _start(row, order, actor=actor, now=now)
    return row


def withdraw(number: str, *, note: str, actor: Actor, now: datetime) -> None:
    """Take a 督办 back; raises `SupervisionNotFound`, `Forbidden`, `Conflict` where it is closed."""
    row = find_supervision(number)
    line_in_charge(actor, row.category, row.sub_type, unit_path=row.unit_path, now=now)
    if not note.strip() or len(note) > LONGEST:
        raise BadSupervision(_l("Say why."), errors={"note": [_l("Say why, in at most 500 characters.")]})
    told = engine.publish(
        "supervision_withdrawn",
        correlation={"supervision_id": row.id},
        payload={"withdraw_note": note.strip()},
        actor=actor,
        now=now,
    )
    if not told:
        raise Conflict(_l("Supervision %(number)s is closed.", number=row.number))
    _record("supervision.withdrawn", row, actor=actor, now=now)


def find_supervision(number: str) -> SupervisionOrder:
    """The 督办 of this number; raises `SupervisionNotFound`."""
    row = session.scalar(sa.select(SupervisionOrder).where(SupervisionOrder.number == number.strip().upper()))
    if row is None:
        raise SupervisionNotFound(_l("There is no supervision %(number)s.", number=number))
    return row


def open_of(order_id: int) -> SupervisionOrder | None:
    """The 督办 of an order that is not closed."""
    return session.scalar(
        sa.select(SupervisionOrder).where(SupervisionOrder.order_id == order_id, SupervisionOrder.state.in_(OPEN))
    )


def _open_of(order: WorkOrder) -> sa.ColumnElement[bool]:
    return sa.and_(SupervisionOrder.order_id == order.id, SupervisionOrder.state.in_(OPEN))


def _check(request: Request) -> None:
    errors = {}
    if request.reason not in words("reason"):
        errors["reason"] = [_l("Choose a reason.")]
    if request.grade not in GRADES:
        errors["grade"] = [_l("Choose how grave it is.")]
    if not 0 < len(request.text.strip()) <= LONGEST:
        errors["text"] = [_l("Say what is asked of the unit, in at most 500 characters.")]
    if errors:
        raise BadSupervision(_l("The supervision is not complete."), errors=errors)


def _reason(row: SupervisionOrder) -> dict[str, str]:
    word = words("reason").get(row.reason)
    return {"reason": word.name if word else row.reason, "reason_en": word.name_en if word else row.reason}


def _start(row: SupervisionOrder, order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    title, title_en = titles(order)
    said = _reason(row)
    instance = engine.start(
        PROCESS,
        data={
            "supervision_id": row.id,
            "number": row.number,
            "order_id": order.id,
            "order_number": order.number,
            "grade": row.grade,
            "round": 1,
            "department_group": row.group,
            "request": row.request,
            "reason_words": said["reason"],
            "reason_words_en": said["reason_en"],
        },
        business_key=row.number,
        title=f"督办：{title}",
        title_en=f"Supervision: {title_en}",
        unit=row.unit_code,
        actor=actor,
        now=now,
    )
    row.instance_id = instance.id
    session.flush()


def _record(action: str, row: SupervisionOrder, *, actor: Actor, now: datetime) -> None:
    live.touch(TOPIC)
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="supervision",
        subject_id=row.number,
        unit_path=row.unit_path,
        details={"order": row.order_number},
    )
