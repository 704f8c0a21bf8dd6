"""Add a caller to an order under way (关联在途单): the call becomes an order attached to it, and is called back too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import WorkOrder
from app.workorders.operations import merging
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.find import get_order, open_order
from app.workorders.operations.report import Report
from app.workorders.operations.requests import Accepted, accept_once
from app.workorders.queries.orders import view


def join(
    report: Report,
    *,
    into: str,
    cause: str,
    key: str,
    photos: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> Accepted:
    """Accept a report that is about the fault of order `into` (or of its main order) and attach it there.

    Unit and area are the main order's; address and words too, where the caller gave none.
    `cause` says why it is the same fault. Raises what `accept_once` raises, `OrderClosed`,
    `CannotMerge` (the main order has been reviewed: the caller needs an order of their own).
    """
    main = open_order(into)
    if main.main_order_id is not None:
        main = session.get_one(WorkOrder, main.main_order_id)
    authority.require(actor, "order.create", unit_path=main.unit_path, now=now)
    same = replace(
        report,
        unit=main.unit_code,
        area=main.area,
        category=main.category,
        sub_type=report.sub_type if report.category == main.category else main.sub_type,
        details=report.details or main.details,
        address=report.address.strip() or main.address,
        description=report.description.strip() or main.description,
    )
    done = accept_once(same, key=key, photos=photos, actor=actor, now=now)
    if not done.new:
        return done
    child = get_order(done.order.id)
    require_allowed(child, "merge", now=now)
    merging.check_pair(child, main)
    merging.attach(child, main, cause, actor=actor, now=now)
    return Accepted(view(child), new=True)
