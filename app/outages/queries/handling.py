"""What is shown of an outage's handling: steps, estimates, who is asked, the plan with its switching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.customers.masking import masked
from app.customers.models import Contact, Customer
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.i18n import localized
from app.network import grid
from app.outages.models import (
    Outage,
    OutageCustomer,
    OutageEtr,
    OutagePlan,
    OutageStep,
    OutageSwitching,
    OutageVerification,
)
from app.outages.queries.view import OutageView

REVEAL = "customer.sensitive"


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of interruption or restoration; `minutes` are customer-minutes."""

    n: int
    at: datetime
    kind: str
    device: str
    customers: int
    minutes: float
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class EtrView:
    """One estimate and who gave it."""

    at: datetime
    etr_at: datetime | None
    source: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """One customer to ask whether supply is back; account, name and phone are masked where the right is missing."""

    id: int
    customer: str
    name: str
    phone: str
    why: str
    state: str
    answered_at: datetime | None
    note: str
    nested: str


@dataclass(frozen=True, slots=True)
class SwitchingView:
    """One step of a plan's switching."""

    n: int
    device: str
    state: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan beside its outage; `judgement` as `judging_plans.Judgement.plain`."""

    work: str
    reason: str
    devices: Sequence[Mapping[str, str]]
    judgement: Mapping[str, Any]
    planner: str
    requested_at: datetime
    reviewed_at: datetime | None
    reviewed_by: str
    approved_at: datetime | None
    approved_by: str
    approve_note: str
    as_temporary: bool
    noticed_at: datetime | None
    first_from: datetime
    first_to: datetime
    extensions: int
    ended_reason: str
    switching: Sequence[SwitchingView]


def steps_of(outage_id: int) -> list[StepView]:
    """The steps of an outage in the order they were written."""
    rows = session.scalars(sa.select(OutageStep).where(OutageStep.outage_id == outage_id).order_by(OutageStep.n)).all()
    return [
        StepView(row.n, row.at, row.kind, row.device_code, row.customers, row.customer_minutes, row.by, row.note)
        for row in rows
    ]


def etrs_of(outage_id: int, *, limit: int = 20) -> list[EtrView]:
    """The estimates of an outage, the newest first."""
    query = sa.select(OutageEtr).where(OutageEtr.outage_id == outage_id).order_by(OutageEtr.id.desc()).limit(limit)
    return [EtrView(row.at, row.etr_at, row.source, row.by, row.note) for row in session.scalars(query)]


def asked_counts(outage_id: int) -> dict[str, int]:
    """How many were asked, by what they said."""
    query = sa.select(OutageVerification.state, sa.func.count()).where(OutageVerification.outage_id == outage_id)
    return {state: n for state, n in session.execute(query.group_by(OutageVerification.state))}


def asked_of(
    outage_id: int,
    *,
    actor: Actor,
    now: datetime,
    search: str = "",
    state: str = "",
    offset: int = 0,
    limit: int = 100,
) -> list[AskedView]:
    """Whom to ask, who has not answered first.

    `search` is a part of an account number, name, address or phone, of customers whom the reader may see whole; of
    others their whole account number.
    """
    nested = aliased(Outage)
    phone = (
        sa.select(Contact.phone)
        .where(Contact.customer_id == Customer.id, Contact.phone != "")
        .order_by(Contact.preferred.desc(), Contact.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(OutageVerification, Customer, phone, nested.number)
        .join(Customer, Customer.id == OutageVerification.customer_id)
        .outerjoin(nested, nested.id == OutageVerification.nested_id)
        .where(OutageVerification.outage_id == outage_id, *_asked_like(search, actor, now), *_asked_in(state))
        .order_by(OutageVerification.state != "pending", OutageVerification.id)
        .offset(offset)
        .limit(limit)
    ).all()
    units = {customer.unit_path for _row, customer, _phone, _nested in rows}
    clear = {path: authority.may(actor, REVEAL, unit_path=path, now=now) for path in units}
    return [
        AskedView(
            id=row.id,
            customer=customer.number if clear[customer.unit_path] else masked(customer.number, "middle"),
            name=customer.name if clear[customer.unit_path] else masked(customer.name, "surname"),
            phone=(number or "") if clear[customer.unit_path] else masked(number or "", "middle"),
            why=row.why,
            state=row.state,
            answered_at=row.answered_at,
            note=row.note,
            nested=nested_number or "",
        )
        for row, customer, number, nested_number in rows
    ]


def _asked_like(search: str, actor: Actor, now: datetime) -> list[sa.ColumnElement[bool]]:
    wanted = search.strip()
    if not wanted:
        return []
    clear = [Customer.unit_path.startswith(path, autoescape=True) for path in authority.paths(actor, REVEAL, now=now)]
    by_phone = sa.exists().where(
        Contact.customer_id == Customer.id, Contact.phone.contains(wanted.replace(" ", ""), autoescape=True)
    )
    columns = (Customer.number, Customer.name, Customer.address)
    like = sa.or_(*(column.contains(wanted, autoescape=True) for column in columns), by_phone)
    return [sa.or_(Customer.number == wanted, sa.and_(sa.or_(sa.false(), *clear), like))]


def _asked_in(state: str) -> list[sa.ColumnElement[bool]]:
    return [OutageVerification.state == state] if state else []


def plan_of(outage_id: int) -> PlanView | None:
    """The plan of an outage, None where it was not planned."""
    plan = session.get(OutagePlan, outage_id)
    if plan is None:
        return None
    steps = session.scalars(
        sa.select(OutageSwitching).where(OutageSwitching.outage_id == outage_id).order_by(OutageSwitching.n)
    ).all()
    return PlanView(
        work=plan.work,
        reason=plan.reason,
        devices=plan.devices,
        judgement=plan.judgement,
        planner=plan.planner,
        requested_at=plan.requested_at,
        reviewed_at=plan.reviewed_at,
        reviewed_by=plan.reviewed_by,
        approved_at=plan.approved_at,
        approved_by=plan.approved_by,
        approve_note=plan.approve_note,
        as_temporary=plan.as_temporary,
        noticed_at=plan.noticed_at,
        first_from=plan.first_from,
        first_to=plan.first_to,
        extensions=plan.extensions,
        ended_reason=plan.ended_reason,
        switching=[
            SwitchingView(
                step.n, localized(step.device_name, step.device_name_en) or step.device_code, step.state, step.done_at
            )
            for step in steps
        ],
    )


@dataclass(frozen=True, slots=True)
class StretchView:
    """What lies below one switch and is still out: so many customers of so many transformers."""

    code: str
    name: str
    transformers: int
    customers: int


def stretches(out: Sequence[tuple[str, str, int]], *, now: datetime) -> list[StretchView]:
    """Switches below which some, not all, of these transformers lie, the largest stretch first.

    Of switches with the same transformers below, as at both ends of a line, the one nearer to the source.
    """
    seen = grid.current(now)
    customers = {code: n for code, _name, n in out}
    below: dict[str, set[str]] = {}
    for code in customers:
        for above in reversed(seen.upstream(code) if seen.has(code) else ()):
            below.setdefault(above, set()).add(code)
    found: dict[frozenset[str], str] = {}
    for above, under in below.items():
        if 1 < len(under) < len(customers):
            found.setdefault(frozenset(under), above)
    views = [
        StretchView(code, seen.called(code), len(under), sum(customers[each] for each in under))
        for under, code in found.items()
    ]
    return sorted(views, key=lambda view: (-view.customers, view.name))


def restorable(outage: OutageView, *, now: datetime, limit: int = 500) -> list[tuple[str, str, int]]:
    """The transformers of an outage that are still out: code, name, customers out."""
    rows = session.execute(
        sa.select(OutageCustomer.transformer_code, sa.func.count())
        .where(OutageCustomer.outage_id == outage.id, OutageCustomer.active)
        .group_by(OutageCustomer.transformer_code)
        .order_by(OutageCustomer.transformer_code)
        .limit(limit)
    ).all()
    seen = grid.current(now)
    return [(code, seen.called(code), n) for code, n in rows if code]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A planned outage in the list and the calendar."""

    number: str
    nature: str
    status: str
    device: str
    feeder: str
    unit: str
    begins_at: datetime
    ends_at: datetime
    customers: int
    important: int
    work: str
    reason: str
    clashes: int


def planned(
    paths: Sequence[str], *, begin: datetime, end: datetime, status: str = "", limit: int = 300
) -> list[PlannedLine]:
    """Planned outages of these units that touch the time from `begin` to `end`, by begin."""
    within = sa.or_(*(Outage.unit_path.startswith(path, autoescape=True) for path in paths)) if paths else sa.false()
    query = (
        sa.select(Outage, OutagePlan)
        .join(OutagePlan, OutagePlan.outage_id == Outage.id)
        .where(within, Outage.planned_from < end, Outage.planned_to > begin)
        .order_by(Outage.planned_from, Outage.id)
        .limit(limit)
    )
    if status:
        query = query.where(Outage.status == status)
    return [_line(outage, plan) for outage, plan in session.execute(query)]


def _line(outage: Outage, plan: OutagePlan) -> PlannedLine:
    assert outage.planned_from is not None and outage.planned_to is not None  # noqa: PT018 (a plan has both)
    return PlannedLine(
        number=outage.number,
        nature=outage.nature,
        status=outage.status,
        device=outage.device,
        feeder=outage.feeder,
        unit=outage.unit_code,
        begins_at=outage.planned_from,
        ends_at=outage.planned_to,
        customers=outage.customers_total,
        important=outage.important,
        work=plan.work,
        reason=plan.reason,
        clashes=len(plan.judgement.get("clashes") or ()),
    )
