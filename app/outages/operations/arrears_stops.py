"""Stops for arrears (欠费停电) as outages of one customer: recorded when billing cuts off, ended when it restores.

Such an outage tells nobody (its notices are those of `arrears_cut_off`) and has no process; it explains to
agents and the line why the customer is without supply, and screens the customer's calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.billing.models import CutOffNotice
from app.billing.operations.cut_off_hooks import CutOff
from app.customers.models import Customer, Premises
from app.kernel import jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.numbering import next_number
from app.kernel.registry import registry
from app.outages import hooks
from app.outages.models import OVER, Outage, OutageCustomer
from app.outages.operations import closing, notices, steps, trace

PREFIX = "TD"
KIND = "outages.note_arrears"


def follow(told: CutOff, /, *, actor: Actor, now: datetime) -> None:
    """Billing cut a customer off, or gave supply back (a follower of `billing`)."""
    if told.state == "cut":
        if _present(told.customer_id) is None:
            _begin(told.customer_id, told.number, at=now, actor=actor, now=now)
    else:
        _end(told, actor=actor, now=now)


def after(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    """Who was out in an outage when cut off is out for arrears from its restoration on (a handler of `restored`)."""
    if outage.nature == "arrears":
        return
    later = aliased(OutageCustomer)
    since = sa.select(later.id).where(
        later.customer_id == OutageCustomer.customer_id, later.out_at >= OutageCustomer.restored_at
    )
    rows = session.execute(
        sa.select(OutageCustomer.customer_id, OutageCustomer.restored_at, Customer.cut_off_at)
        .join(Customer, Customer.id == OutageCustomer.customer_id)
        .where(
            OutageCustomer.outage_id == outage.id,
            OutageCustomer.restored_at.is_not(None),
            Customer.cut_off,
            ~since.exists(),
        )
        .order_by(OutageCustomer.customer_id)
    ).all()
    for customer_id, back, cut_at in rows:
        if back is not None and _present(customer_id) is None:
            number = _notice_of(customer_id)
            _begin(customer_id, number, at=max(back, cut_at or back), actor=actor, now=now)


def _notice_of(customer_id: int) -> str:
    """The number of the notice by which a customer is cut off."""
    query = sa.select(CutOffNotice.number).where(
        CutOffNotice.customer_id == customer_id, CutOffNotice.state.in_(("cut", "restoring"))
    )
    return session.scalar(query.order_by(CutOffNotice.id.desc()).limit(1)) or ""


def _begin(customer_id: int, number: str, *, at: datetime, actor: Actor, now: datetime) -> None:
    customer = session.get_one(Customer, customer_id)
    premises = session.get_one(Premises, customer.premises_id)
    outage = Outage(
        number=next_number(PREFIX, now=now),
        nature="arrears",
        kind="confirmed_service",
        status="confirmed",
        locked=True,
        device_name=customer.number,
        unit_code=customer.unit_code,
        unit_path=customer.unit_path,
        started_at=at,
        detected_at=now,
        confirmed_at=now,
        customers_total=1,
        customers_out=1,
        cause="prepaid_cut_off",
        cause_note=number,
        why={},
    )
    session.add(outage)
    session.flush()
    session.add(
        OutageCustomer(
            outage_id=outage.id,
            customer_id=customer.id,
            transformer_code=premises.transformer_code,
            out_at=at,
            active=True,
        )
    )
    steps.add_step(outage, "out", customer.number, 1, 0.0, at=at, note=number, actor=actor)
    trace.event(outage, "arrears", actor=actor, now=now, params={"notice": number})
    session.flush()
    hooks.emit("created", outage, actor=actor, now=now)
    jobs.enqueue(KIND, {"outage": outage.id}, now=now, key=f"outage-arrears:{outage.id}")


@registry.job(KIND)
def _notice(payload: Mapping[str, Any], now: datetime) -> None:
    """Enter the notice apart from billing's transaction: cutting off never waits for it."""
    outage = session.get_one(Outage, int(payload["outage"]))
    notices.enter(outage, "confirmed", actor=SYSTEM, now=now)


def _end(told: CutOff, *, actor: Actor, now: datetime) -> None:
    outage = session.scalar(
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(
            Outage.nature == "arrears",
            Outage.status.not_in(OVER),
            OutageCustomer.customer_id == told.customer_id,
            OutageCustomer.active,
        )
    )
    if outage is not None:
        closing.close(outage, actor=actor, now=now)


def _present(customer_id: int) -> int | None:
    query = sa.select(OutageCustomer.id).where(OutageCustomer.customer_id == customer_id, OutageCustomer.active)
    return session.scalar(query)
