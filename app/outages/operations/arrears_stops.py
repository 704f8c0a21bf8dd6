"""Stops for arrears (欠费停电) as outages of one customer: recorded when billing cuts off, ended when it restores.

Such an outage tells nobody (its notices are those of `arrears_cut_off`) and has no process; it explains to
agents and the line why the customer is without supply, and screens the customer's calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

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
        _begin(told, actor=actor, now=now)
    else:
        _end(told, actor=actor, now=now)


def _begin(told: CutOff, *, actor: Actor, now: datetime) -> None:
    if _present(told.customer_id) is not None:
        return
    customer = session.get_one(Customer, told.customer_id)
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
        started_at=now,
        detected_at=now,
        confirmed_at=now,
        customers_total=1,
        customers_out=1,
        cause="prepaid_cut_off",
        cause_note=told.number,
        why={},
    )
    session.add(outage)
    session.flush()
    session.add(
        OutageCustomer(
            outage_id=outage.id,
            customer_id=customer.id,
            transformer_code=premises.transformer_code,
            out_at=now,
            active=True,
        )
    )
    steps.add_step(outage, "out", customer.number, 1, 0.0, at=now, note=told.number, actor=actor)
    trace.event(outage, "arrears", actor=actor, now=now, params={"notice": told.number})
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
