"""The counts equal the orders, whatever happens to these and however the fold is cut."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import session
from app.supervision.models import OpenCount, OrderFact
from app.supervision.operations import folding, rebuilding
from app.workorders import operations
from app.workorders.models import Callback, OrderLimit, OrderReturn, OrderStamp, WorkOrder
from tests.supervision.counted import expected, kept, marks, settle
from tests.workorders.house import House

KINDS = (("fault_repair", "low_voltage"), ("fault_repair", "high_voltage"), ("complaint", "complaint_outage"))


def test_a_new_order_is_counted_once(house: House) -> None:
    house.accept()
    assert marks() > 0
    settle(house.now)
    assert marks() == 0
    found = expected(house.now)
    assert kept() == found
    assert sum(found[0].values()) == 1
    db.run(lambda: folding.recount([1], now=house.now))
    assert kept() == found


def test_time_alone_moves_an_order_from_running_to_near_to_over(house: House) -> None:
    house.accept()
    seen = []
    for _minute in range(8):
        settle(house.now)
        assert kept() == expected(house.now)
        seen.append(session.scalars(sa.select(OpenCount.limit_state)).one())
        session.rollback()
        house.clock.set(house.now + timedelta(seconds=20))
    assert seen == sorted(seen, key=["running", "near", "over"].index)
    assert {"running", "near", "over"} == set(seen)


def test_repeated_calls_count_the_same_customer_and_kind(house: House) -> None:
    house.accept()
    house.clock.set(house.now + timedelta(days=3))
    again = house.accept()
    house.accept(phone="13900139000", account_no="3301007777")
    house.clock.set(house.now + timedelta(days=8))
    late = house.accept()
    settle(house.now)
    repeats = {row.order_id: row.repeats for row in session.scalars(sa.select(OrderFact))}
    assert repeats[again.id] == 1
    assert repeats[late.id] == 0
    assert sum(repeats.values()) == 1


@pytest.mark.parametrize("seed", range(6))
def test_counts_follow_any_history(house: House, seed: int) -> None:
    """Random changes of orders and their rows, folded now and then in small batches."""
    chance = Random(seed)
    for _ in range(3):
        house.accept(phone=f"1380013800{chance.randrange(3)}")
    for step in range(25):
        db.run(lambda step=step: _change(house, chance, step))  # type: ignore[misc]
        house.clock.set(house.now + timedelta(minutes=chance.choice([0, 1, 7, 90, 2000])))
        if chance.random() < 0.4:
            db.run(lambda: folding.fold(now=house.now, limit=chance.randrange(1, 4)))
    settle(house.now)
    assert kept() == expected(house.now)
    before = kept()
    db.run(lambda: rebuilding.forget(now=house.now))
    assert rebuilding.rebuild(now=house.now, batch=2) == 3
    assert kept() == before


def _change(house: House, chance: Random, step: int) -> None:
    order = chance.choice(list(session.scalars(sa.select(WorkOrder).order_by(WorkOrder.id))))
    what = chance.randrange(8)
    if what == 0:
        order.status = chance.choice(["DISPATCHED", "ARRIVED", "REVIEWED", "ARCHIVED", "CANCELLED"])
    elif what == 1:
        order.category, order.sub_type = chance.choice(KINDS)
    elif what == 2:
        order.unit_code = chance.choice(["GM-LJ-QS", "GM-LJ-BH"])
    elif what == 3:
        order.round += 1
    elif what == 4:
        limits = list(session.scalars(sa.select(OrderLimit).where(OrderLimit.order_id == order.id)))
        if limits:
            limit = chance.choice(limits)
            limit.state, limit.breached = chance.choice([("met", True), ("met", False), ("paused", False)])
    elif what == 5:
        session.add(OrderStamp(order_id=order.id, round=step + 10, name="called_back", at=house.now, by="x"))
        values = chance.choice(["satisfied", "dissatisfied", "no_comment"])
        session.add(
            Callback(
                order_id=order.id, round=step + 10, attempt=1, result="x", satisfaction=values, by="x", at=house.now
            )
        )
    elif what == 6:
        session.add(OrderReturn(order_id=order.id, reason="duplicate", by="x", at=house.now))
    else:
        session.add(OrderStamp(order_id=order.id, round=step + 50, name="dispatched", at=house.now, by="x"))


def test_a_rolled_back_change_leaves_no_mark(house: House) -> None:
    house.accept()
    settle(house.now)
    session.scalars(sa.select(WorkOrder)).one().status = "ARRIVED"
    session.flush()
    session.rollback()
    assert marks() == 0
    house.do(operations.set_duty, house.crew, on_duty=False)
    assert marks() == 0
