"""Accept a report once, however often it is sent: by the sender's own key.

The door for every edge that may repeat itself: the API, a page submitted twice, a device
that lost the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import orjson
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.inbox.operations.files import keep
from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.workorders.models import OrderRequest, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.accepting import accept
from app.workorders.operations.find import get_order
from app.workorders.operations.report import Report
from app.workorders.queries.codes import code, codes
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.secrecy import is_secret


class KeyReused(Conflict):
    """The key was used before for a report of another content: `details["number"]` is its order."""

    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The order of a report; `new` is false where the same request had made it before."""

    order: OrderView
    new: bool


def accept_once(
    report: Report,
    *,
    key: str,
    photos: Sequence[int] = (),
    apart_from: Sequence[str] = (),
    apart_reason: str = "",
    actor: Actor,
    now: datetime,
) -> Accepted:
    """Accept a report, or answer the order that this actor's `key` made before (an empty key: always a new one).

    `photos` are ids of stored files the caller may name; `apart_from` the numbers of orders
    that looked the same, with the reason why this one is not. A hazard raises the urgency
    as its code says. Raises `KeyReused` and what `accept` raises.
    """
    fingerprint = _fingerprint(report, photos)
    known = _known(key, fingerprint, actor) if key else None
    if known is not None:
        return Accepted(known, new=False)
    order = accept(raised(report), actor=actor, now=now)
    if key:
        _note(key, fingerprint, order, actor=actor, now=now)
    attach_photos(order, photos, actor=actor, now=now)
    others = _tellable(order, apart_from)
    if apart_reason and others:
        params = {"others": others, "reason": apart_reason}
        trace.event(get_order(order.id), "kept_apart", actor=actor, now=now, params=params)
    return Accepted(order, new=True)


def _tellable(order: OrderView, numbers: Sequence[str]) -> list[str]:
    """The orders of the same caller that the time-line may name: beside a secret one they would tell who it is."""
    if is_secret(order) or not numbers:
        return []
    query = sa.select(WorkOrder.number).where(WorkOrder.number.in_(numbers), WorkOrder.secrecy == "none")
    known = set(session.scalars(query))
    return [number for number in numbers if number in known]


def remember(order: OrderView, *, key: str, actor: Actor, now: datetime) -> None:
    """Note that `key` made this order, where an operation other than `accept_once` wrote it."""
    if key:
        _note(key, "", order, actor=actor, now=now)


def found_before(key: str, *, actor: Actor) -> OrderView | None:
    """The order that this actor's key made before, whatever its content."""
    row = _row(key, actor)
    return view(session.get_one(WorkOrder, row.order_id)) if row else None


def raised(report: Report) -> Report:
    """The report with the urgency that its hazard asks for, where that is higher than the one chosen."""
    hazard = code("hazard", report.hazard)
    wanted = str(hazard.facts.get("urgency", "")) if hazard else ""
    order = [word.code for word in codes("urgency")]
    if wanted in order and report.urgency in order and order.index(wanted) > order.index(report.urgency):
        return replace(report, urgency=wanted)
    return report


def attach_photos(order: OrderView, photos: Sequence[int], *, actor: Actor, now: datetime) -> None:
    """Let stored files belong to the order's case."""
    for place, file_id in enumerate(photos, 1):
        if order.instance_id is None:
            raise ValueError(f"order {order.number} has no process")
        # a file's own name may be the person's: a secret order shows a neutral one
        title = f"{order.number}-{place}" if is_secret(order) else ""
        keep(order.instance_id, file_id, task_id=None, title=title, actor=actor, now=now)


def _known(key: str, fingerprint: str, actor: Actor) -> OrderView | None:
    row = _row(key, actor)
    if row is None:
        return None
    order = view(session.get_one(WorkOrder, row.order_id))
    if row.fingerprint != fingerprint:
        raise KeyReused(
            _l("This request was already sent with other contents: order %(number)s.", number=order.number),
            number=order.number,
        )
    return order


def _row(key: str, actor: Actor) -> OrderRequest | None:
    return session.scalar(sa.select(OrderRequest).where(OrderRequest.source == actor.ref, OrderRequest.key == key))


def _note(key: str, fingerprint: str, order: OrderView, *, actor: Actor, now: datetime) -> None:
    session.add(OrderRequest(source=actor.ref, key=key, fingerprint=fingerprint, order_id=order.id, at=now))
    try:
        session.flush()
    except IntegrityError as exc:
        if not db.is_duplicate(exc):
            raise
        # the owner of the transaction runs it again, and then it finds the other's order
        raise StaleDataError("the same request was written at the same moment") from exc


def _fingerprint(report: Report, photos: Sequence[int]) -> str:
    content = orjson.dumps([asdict(report), sorted(photos)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()
