"""Reminding by telephone before a cut, and what customers promise there (电话催缴、承诺缴费)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.billing.models import CutOffNotice, PaymentPromise
from app.billing.queries.arrears import arrears_of
from app.customers.models import Customer
from app.customers.queries.reach import how_to_reach
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.notify import deliveries

PURPOSE = "arrears_call"
"""Of `customers/reach.yaml`: whom to speak to, and whether they want calls."""

TEXT = {
    "zh": "您的用电户号{spaced}已逾期欠费{arrears}元，逾期不交将按规定停电。",
    "en": "Your electricity account {spaced} is overdue with {arrears} yuan. Without payment the supply is cut off.",
}


def remind_by_phone(notice_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Have the customer called by the rules of outgoing calls; `delivery_id`, 0 where there is no way to.

    Called once a notice and round: asked again while the call is under way it is the same call.
    """
    notice = session.get_one(CutOffNotice, notice_id)
    customer = session.get_one(Customer, notice.customer_id)
    reach = how_to_reach(customer.id, PURPOSE, now)
    owed = arrears_of(customer.id, at=now)
    if reach.channel != "phone" or not owed.principal:
        return {"delivery_id": 0}
    language = "en" if reach.language == "en" else "zh"
    key = f"cut_off:{notice.number}:call:{now:%Y%m%d%H%M}"
    wanted = deliveries.Wanted(
        channel="phone",
        to=reach.address,
        text=TEXT[language].format(spaced=" ".join(customer.number), arrears=owed.total),
        language=language,
        subject=f"phone:arrears {customer.number}",
        subject_type="cut_off",
        subject_id=notice.number,
        unit_path=notice.unit_path,
        key=key,
    )
    return {"delivery_id": deliveries.send_all([wanted], actor=actor, now=now)[key]}


def record_promise(notice_id: int, told: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Note the day that was promised on the telephone; `promised_until` is when it has passed.

    `told` is what the call brought: `promised_on` (a day), `call`, `phone`. Raises `ValueError` on no day.
    """
    day = date.fromisoformat(str(told.get("promised_on", "")))
    notice = session.get_one(CutOffNotice, notice_id)
    call = str(told.get("call", ""))[:80]
    known = sa.select(PaymentPromise).where(PaymentPromise.notice_id == notice_id, PaymentPromise.call_ref == call)
    if session.scalar(known) is None:
        session.add(
            PaymentPromise(
                customer_id=notice.customer_id,
                notice_id=notice_id,
                promised_on=day,
                amount=arrears_of(notice.customer_id, at=now).total,
                call_ref=call,
                phone=str(told.get("phone", ""))[:40],
                noted_by=actor.ref[:80],
                at=now,
            )
        )
        session.flush()
        audit.record(
            "payment.promised",
            actor=actor,
            now=now,
            subject_type="cut_off",
            subject_id=notice.number,
            unit_path=notice.unit_path,
            details={"day": day.isoformat(), "call": call},
        )
    return {"promised_until": datetime.combine(day + timedelta(days=1), time(), LOCAL).isoformat()}


def judge_promise(notice_id: int, *, now: datetime) -> dict[str, Any]:
    """The day has passed: the promise was kept where nothing is overdue, `outcome` is `settled` then, else `owed`."""
    notice = session.get_one(CutOffNotice, notice_id)
    owed = arrears_of(notice.customer_id, at=now)
    settle_promises(notice_id, kept=not owed.principal, now=now)
    return {"outcome": "owed" if owed.principal else "settled", "arrears": str(owed.total)}


def settle_promises(notice_id: int, *, kept: bool, now: datetime) -> None:
    """The open promises of a notice were kept, or broken."""
    session.execute(
        sa.update(PaymentPromise)
        .where(PaymentPromise.notice_id == notice_id, PaymentPromise.state == "open")
        .values(state="kept" if kept else "broken", settled_at=now)
    )
