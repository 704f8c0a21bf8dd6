"""A report that a caller gave by keys and voice, without an agent: accepted once a call, or joined to one under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.customers.queries.find import by_number
from app.identity import queries as people
from app.kernel import files
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.workorders.operations.joining import join
from app.workorders.operations.report import InvalidReport, Report
from app.workorders.operations.report_kind import FAULT
from app.workorders.operations.requests import accept_once, found_before
from app.workorders.queries.duplicates import possible_duplicates
from app.workorders.queries.orders import OrderView
from app.workorders.queries.proposal import unit_for

CHANNEL = "ivr"
UNSAID = "见语音留言"
"""Where words are needed and the caller spoke them: data of an order, Chinese like what callers say."""

SAME = "同一户号再次来电"
"""Why a call is joined to an order, as the order's story tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneReport:
    """What keys and voice told. `call` names the call; `unit` is the account's; `voice` the message's stored file."""

    call: str
    category: str = FAULT
    sub_type: str = ""
    phone: str = ""
    account_no: str = ""
    address: str = ""
    unit: str = ""
    symptom: str = ""
    hazard: str = "none"
    words: str = ""
    voice: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """The order, and whether the report was joined to one that was under way."""

    order: OrderView
    joined: bool


def key_of(call: str) -> str:
    """The key under which a call's report is accepted once."""
    return f"call:{call}"[:120]


def take(report: PhoneReport, *, actor: Actor, now: datetime) -> Taken:
    """Accept the report, or answer the order that this call made before.

    A fault of an account that has one under way joins it. Raises `InvalidReport` (also where no unit takes
    orders) and what `accept_once` raises.
    """
    key = key_of(report.call)
    before = found_before(key, actor=actor)
    if before is not None:
        return Taken(before, joined=False)
    report = _with_account(report)
    unit = unit_for(
        report.unit,
        address=report.address,
        phone=report.phone,
        account_no=report.account_no,
        actor=actor,
        now=now,
    )
    if unit is None:
        raise InvalidReport(_l("The report is not complete."), errors={"unit": [_l("There is no such unit.")]})
    order = Report(
        unit=unit.code,
        address=report.address or UNSAID,
        description=report.words or UNSAID,
        phone=report.phone,
        account_no=report.account_no,
        category=report.category,
        sub_type=report.sub_type,
        channel=CHANNEL,
        symptom=report.symptom,
        hazard=report.hazard,
        details=report.details,
    )
    photos = _voice(report.voice)
    joined = _joined(order, _under_way(report, now), key, photos, actor=actor, now=now)
    if joined is not None:
        return Taken(joined, joined=True)
    return Taken(accept_once(order, key=key, photos=photos, actor=actor, now=now).order, joined=False)


def _with_account(report: PhoneReport) -> PhoneReport:
    """Address and unit as the account has them, where the caller's line did not bring them."""
    if not report.account_no or (report.address and report.unit):
        return report
    line = by_number(report.account_no)
    if line is None:
        return report
    return replace(report, address=report.address or line.address, unit=report.unit or line.unit_code)


def _joined(
    report: Report, into: str | None, key: str, photos: tuple[int, ...], *, actor: Actor, now: datetime
) -> OrderView | None:
    """The report attached to an order under way; None where there is none, or it is too late to join it."""
    if into is None:
        return None
    try:
        with session.begin_nested():
            return join(report, into=into, cause=SAME, key=key, photos=photos, actor=actor, now=now).order
    except Conflict:
        return None


def _under_way(report: PhoneReport, now: datetime) -> str | None:
    """The open fault order of this account: the same supply, the same fault."""
    if report.category != FAULT or not report.account_no:
        return None
    found = possible_duplicates(account_no=report.account_no, now=now, category=FAULT)
    return next((each.order.number for each in found if "account" in each.reasons), None)


def _voice(file_id: int | None) -> tuple[int, ...]:
    """The message, where its content is there: a lost one must not lose the report."""
    if file_id is None:
        return ()
    try:
        return (files.open_file(file_id).id,)
    except files.FileNotFound:
        return ()


def desk_for(report_unit: str, *, now: datetime) -> str:
    """The unit whose agents complete a report that could not be accepted: the account's, else the highest."""
    unit = people.unit_by_code(report_unit, at=now) if report_unit else None
    if unit is None:
        unit = min(people.subtree(["/"], at=now), key=lambda each: each.depth, default=None)
    return unit.code if unit else ""
