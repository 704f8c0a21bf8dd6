"""An order from its acceptance to the archive, with everything on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import Callback, OrderEtr, OrderStamp
from app.workorders.queries.limits import limits_of
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def stamps(order_id: int) -> list[str]:
    query = sa.select(OrderStamp.name).where(OrderStamp.order_id == order_id).order_by(OrderStamp.at, OrderStamp.id)
    return list(session.scalars(query))


@pytest.mark.usefixtures("each_way")
def test_an_order_is_accepted_dispatched_restored_reviewed_called_back_and_archived(house: House) -> None:
    number = house.accept().number
    assert number == "GD202603020001"
    assert house.order(number).status == "NEW"
    house.complete(number, "dispatch", "dispatcher", MINUTE, dispatch_action="dispatch", crew=str(house.crew))
    assert house.order(number).status == "DISPATCHED"
    house.complete(number, "take", "crew_leader", MINUTE, take_action="take")
    house.complete(number, "depart", "crew_leader", MINUTE, depart_vehicle="浙A00001")
    house.complete(
        number,
        "arrive",
        "crew_leader",
        20 * MINUTE,
        arrive_lat=30.25,
        arrive_lon=120.16,
        arrive_accuracy=8,
        arrive_time="2026-03-02T01:23:00Z",
    )
    house.repair(number, 60)
    house.reply(number)
    assert house.order(number).status == "REPLIED"
    house.complete(number, "review", "reviewer", 10 * MINUTE, review_action="pass")
    house.settle()
    house.complete(number, "call", "callback", 5 * MINUTE, callback_result="restored", satisfaction="satisfied")

    order = house.order(number)
    assert (order.status, order.outcome, order.fault_cause, order.vehicle) == (
        "ARCHIVED",
        "answered",
        "tree",
        "浙A00001",
    )
    assert stamps(order.id) == [
        "accepted",
        "dispatched",
        "taken",
        "left",
        "arrived",
        "surveyed",
        "estimated",
        "restored",
        "replied",
        "reviewed",
        "called_back",
        "archived",
    ]
    arrived = session.scalars(sa.select(OrderStamp).where(OrderStamp.name == "arrived")).one()
    assert (arrived.lat, arrived.lon, arrived.accuracy, arrived.by) == (30.25, 120.16, 8, "crew_leader1")
    assert arrived.device_at is not None
    limits = {limit.stage: limit for limit in limits_of(order.id)}
    assert set(limits) == {"dispatch", "take", "arrive", "restore", "report", "review", "callback"}
    assert all(limit.state == "met" and not limit.breached for limit in limits.values())
    assert limits["arrive"].due_at - limits["arrive"].started_at == 45 * MINUTE
    assert session.scalar(sa.select(OrderEtr.source)) == "crew"
    assert session.scalar(sa.select(Callback.satisfaction)) == "satisfied"
