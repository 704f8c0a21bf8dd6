"""What a caller hears of an order: in words, without a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.phones import normalise
from app.kernel.db import session
from app.workorders.models import OrderRequest, WorkOrder
from app.workorders.queries.tracking import Tracked, track

PREFIX = "GD"
SPOKEN: dict[str, tuple[str, str]] = {
    "NEW": ("已受理，正在派单", "has been accepted and is being dispatched"),
    "DISPATCHED": ("已派单，等待接单", "has been dispatched"),
    "ACCEPTED": ("已接单", "has been taken by a crew"),
    "EN_ROUTE": ("抢修人员正在赶往现场", "a crew is on the way"),
    "ARRIVED": ("抢修人员已到达现场", "a crew is on site"),
    "SURVEYED": ("现场已勘查，准备抢修", "the fault has been found"),
    "REPAIRING": ("正在抢修", "is being repaired"),
    "HANDLING": ("正在处理", "is being handled"),
    "RESTORED": ("已恢复供电", "the power is back"),
    "REPLIED": ("已处理完毕，正在审核", "has been handled and is being reviewed"),
    "REVIEWED": ("已处理完毕，等待回访", "has been handled, we will call you back"),
    "ANSWERED": ("已答复", "has been answered"),
    "CALLED_BACK": ("已处理完毕", "has been completed"),
    "ARCHIVED": ("已办结", "has been completed"),
    "RETURNED": ("正在重新派单", "is being dispatched again"),
    "TRANSFERRED": ("已转派，正在处理", "has been passed on to another unit"),
    "SUSPENDED": ("已暂停，等待继续处理", "is waiting to be continued"),
    "MERGED": ("正在与同一故障一并处理", "is being handled together with the same fault"),
    "CANCELLED": ("已撤销", "has been withdrawn"),
}
"""States as they are said; a test holds them to the states there are."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`text` ends the sentence “Order …”."""

    number: str
    text: str
    text_en: str
    etr_at: datetime | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class OfCall:
    number: str
    joined: bool


def progress_of(*, number: str = "", last4: str = "", phone: str = "") -> Progress | None:
    """By number (its digits are enough) and the last four digits of the phone given, or the newest order of a phone."""
    if number:
        return _said(track(_full(number), last4))
    caller = normalise(phone)
    if not caller:
        return None
    newest = session.scalar(
        sa.select(WorkOrder.number)
        .where(WorkOrder.contact_phone == caller, WorkOrder.secrecy == "none")
        .order_by(WorkOrder.id.desc())
        .limit(1)
    )
    return _said(track(newest, caller[-4:])) if newest else None


def order_of_call(key: str) -> OfCall | None:
    """The order that was accepted under a key, whoever drove the call."""
    order = session.scalar(
        sa.select(WorkOrder).join(OrderRequest, OrderRequest.order_id == WorkOrder.id).where(OrderRequest.key == key)
    )
    return OfCall(order.number, order.main_order_id is not None) if order else None


def _full(number: str) -> str:
    """Keys have no letters: the digits alone mean our own prefix."""
    bare = re.sub(r"\s", "", number).upper()
    return f"{PREFIX}{bare}" if bare.isdigit() else bare


def _said(found: Tracked | None) -> Progress | None:
    if found is None:
        return None
    text, text_en = SPOKEN.get(found.status, SPOKEN["HANDLING"])
    return Progress(found.number, text, text_en, found.etr_at, found.reported_at)
