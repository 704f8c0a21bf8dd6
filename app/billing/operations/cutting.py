"""Cutting off for arrears (欠费停复电): begin a notice, and the steps its process takes.

The process `arrears_cut_off` decides what comes next, its table `cut_off_terms` whether, when and how
fast; here rows and the customer's supply state change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import OPEN_NOTICE, BillingTerms, CutOffNotice
from app.billing.operations import cut_off_hooks, ledger
from app.billing.operations.cut_off_hooks import CutOff
from app.billing.operations.paying import customer_of
from app.billing.operations.promising import settle_promises
from app.billing.queries.arrears import Arrears, arrears_of
from app.customers.models import Customer
from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit, settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.numbering import next_number
from app.notify import operations as notify

PROCESS = "arrears_cut_off"


class NotInArrears(Conflict):
    """Nothing is overdue: there is no ground for cutting off."""

    code = "not_in_arrears"


class NoticeUnderWay(Conflict):
    """A notice runs already, or supply is cut off."""

    code = "cut_off_under_way"


def begin_notice(customer_number: str, *, actor: Actor, now: datetime) -> str:
    """Begin the process of cutting a customer off; returns the notice's number. Right `bill.issue`.

    Raises `CustomerUnknown`, `NotInArrears`, `NoticeUnderWay`.
    """
    customer = customer_of(customer_number)
    authority.require(actor, "bill.issue", unit_path=customer.unit_path, now=now)
    customer = ledger.lock_customer(customer.id)
    owed = arrears_of(customer.id, at=now)
    if not owed.principal or owed.since is None:
        raise NotInArrears(_l("Customer %(number)s owes nothing that is overdue.", number=customer.number))
    running = sa.select(CutOffNotice.number).where(
        CutOffNotice.customer_id == customer.id, CutOffNotice.state.in_(OPEN_NOTICE)
    )
    if customer.cut_off or (known := session.scalar(running.limit(1))):
        raise NoticeUnderWay(
            _l("Cutting off customer %(number)s is under way or done.", number=customer.number),
            notice="" if customer.cut_off else known,
        )
    notice = CutOffNotice(
        number=next_number("TD", now=now),
        customer_id=customer.id,
        unit_code=customer.unit_code,
        unit_path=customer.unit_path,
        arrears=owed.total,
        begun_by=actor.ref,
        begun_at=now,
    )
    session.add(notice)
    session.flush()
    _audit("cut_off.begun", notice, {"arrears": str(owed.total)}, actor=actor, now=now)
    view = engine.start(
        PROCESS,
        data=_facts(notice, customer, owed, now),
        business_key=notice.number,
        title=f"欠费停电：{customer.name}",
        title_en=f"Cut off for arrears: {customer.name}",
        unit=customer.unit_code,
        priority=60,
        search=f"{notice.number} {customer.number} {customer.name} {customer.address}",
        actor=actor,
        now=now,
    )
    notice.instance_id = view.id
    session.flush()
    return notice.number


def mark_noticed(notice_id: int, *, notice_days: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """The notice is delivered; supply may be cut when its days have run."""
    cut_from = now + timedelta(days=notice_days)
    _move(notice_id, "noticed", actor=actor, now=now, noticed_at=now, cut_from=cut_from)
    return {"cut_from": cut_from.isoformat()}


def recheck(notice_id: int, *, now: datetime) -> dict[str, Any]:
    """Whether anything is still overdue: `outcome` is `owed` or `settled`, `arrears` what is owed now."""
    notice = session.get_one(CutOffNotice, notice_id)
    owed = arrears_of(notice.customer_id, at=now)
    return {"outcome": "owed" if owed.principal else "settled", "arrears": str(owed.total)}


def mark_approved(notice_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Somebody in charge approved the cut."""
    _move(notice_id, "approved", actor=actor, now=now, approved_at=now, approved_by=actor.ref, reason=reason[:300])


def mark_reminded(notice_id: int, *, reminder_minutes: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """The customer was told that the cut is near."""
    _move(notice_id, "reminded", actor=actor, now=now, reminded_at=now)
    return {"cut_at_earliest": (now + timedelta(minutes=reminder_minutes)).isoformat()}


def mark_cut(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """Supply is cut off."""
    notice = _move(notice_id, "cut", actor=actor, now=now, cut_at=now, cut_by=actor.ref)
    customer = ledger.lock_customer(notice.customer_id)
    customer.cut_off, customer.cut_off_at = True, now
    session.flush()
    cut_off_hooks.tell(CutOff(customer.id, notice.number, "cut"), actor=actor, now=now)


def mark_restoring(notice_id: int, *, restore_hours: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """The arrears are paid: supply is due back within the hours of the rule."""
    due = now + timedelta(hours=restore_hours)
    _move(notice_id, "restoring", actor=actor, now=now, paid_at=now, restore_due=due)
    return {"restore_due": due.isoformat()}


def mark_restored(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """Supply is back."""
    notice = _move(notice_id, "restored", actor=actor, now=now, restored_at=now, restored_by=actor.ref)
    customer = ledger.lock_customer(notice.customer_id)
    customer.cut_off, customer.cut_off_at = False, None
    session.flush()
    cut_off_hooks.tell(CutOff(customer.id, notice.number, "restored"), actor=actor, now=now)


def mark_ended(notice_id: int, state: str, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """The notice ends without a cut: `paid`, `withdrawn` or `exempt`."""
    notice = _move(notice_id, state, actor=actor, now=now)
    notice.reason = reason[:300] or notice.reason
    if state == "paid":
        notice.paid_at = now
        settle_promises(notice_id, kept=True, now=now)
    session.flush()


def warn_late(notice_id: int, *, actor: Actor, now: datetime) -> int:
    """Supply should be back by now: tell the heads and crew leaders of the unit; returns how many were told."""
    notice = session.get_one(CutOffNotice, notice_id)
    customer = session.get_one(Customer, notice.customer_id)
    groups = [f"{post}@{notice.unit_code}" for post in ("head", "crew_leader")]
    ids = {member.id for group in groups for member in people.members_of(group, at=now)}
    told = notify.notify_users(
        ids,
        kind="escalation",
        text=_l("Supply of customer %(number)s should have been restored by now.", number=customer.number),
        link="/cut-offs",
        priority=90,
        dedupe_key=f"cut_off:{notice.number}:late",
        actor=actor,
        now=now,
    )
    return len(told)


def _facts(notice: CutOffNotice, customer: Customer, owed: Arrears, now: datetime) -> dict[str, Any]:
    """What the diagram and its forms know."""
    today = ledger.local_day(now)
    terms = session.scalars(
        sa.select(BillingTerms).where(
            BillingTerms.customer_id == customer.id,
            BillingTerms.valid_from <= today,
            sa.or_(BillingTerms.valid_to.is_(None), BillingTerms.valid_to > today),
        )
    ).first()
    return {
        "notice_id": notice.id,
        "customer_id": customer.id,
        "customer": customer.number,
        "name": customer.name,
        "address": customer.address,
        "unit": customer.unit_code,
        "arrears": str(owed.total),
        "since": owed.since.isoformat() if owed.since else "",
        "do_not_cut": bool(terms and terms.do_not_cut),
        "importance": customer.importance,
        "kind": customer.kind,
        "overdue_days": (today - owed.since).days if owed.since else 0,
        "ruleset": settings.current().ruleset,
        "outcome": "owed",
        "approve_action": "cut",
        "delivery_id": 0,
        "delivery_error": "",
        "promised_until": "",
    }


def _move(notice_id: int, state: str, *, actor: Actor, now: datetime, **values: Any) -> CutOffNotice:
    notice = session.get_one(CutOffNotice, notice_id, with_for_update=True)
    notice.state = state
    for name, value in values.items():
        setattr(notice, name, value)
    session.flush()
    _audit(f"cut_off.{state}", notice, {}, actor=actor, now=now)
    return notice


def _audit(action: str, notice: CutOffNotice, details: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="cut_off",
        subject_id=notice.number,
        unit_path=notice.unit_path,
        details=details,
    )
