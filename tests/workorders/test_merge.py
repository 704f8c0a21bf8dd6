"""Orders of one cause: merged, un-merged, handed on, every caller called back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.workorders import operations
from app.workorders.models import OrderMerge
from app.workorders.queries.limits import limits_of
from tests.workorders.house import House

pytestmark = pytest.mark.databases

MINUTE = timedelta(minutes=1)


def two(house: House) -> tuple[str, str]:
    main = house.accept().number
    house.advance(5 * MINUTE)
    child = house.accept(phone="13900139000", address="青山县解放路 14 号").number
    house.do(operations.merge, child, into=main, cause="同一低压线路")
    return main, child


def test_an_attached_order_waits_inherits_and_is_called_back(house: House) -> None:
    main, child = two(house)
    assert house.order(child).status == "MERGED"
    assert house.order(main).calls == 2
    assert house.tasks(child) == {}
    house.to_callback(main)
    attached = house.order(child)
    assert (attached.status, attached.fault_cause, attached.action) == ("REVIEWED", "tree", "清除树枝，恢复送电")
    for number in (main, child):
        house.complete(number, "call", "callback", callback_result="restored", satisfaction="satisfied")
        assert house.order(number).status == "ARCHIVED"


def test_unmerging_goes_on_where_it_stood_and_stays_on_record(house: House) -> None:
    main, child = two(house)
    house.do(operations.unmerge, child, reason="非同一线路")
    assert (house.order(child).status, house.order(child).main_order_id) == ("NEW", None)
    assert set(house.tasks(child)) == {"dispatch"}
    assert house.order(main).calls == 1
    merged = session.scalars(sa.select(OrderMerge)).one()
    assert (merged.undone_by, merged.undone_reason) == ("dispatcher1", "非同一线路")
    arrive = [limit for limit in limits_of(house.order(child).id) if limit.stage == "arrive"]
    assert [(limit.state, limit.paused_seconds) for limit in arrive] == [("running", 0)]
    house.to_callback(child)


def test_arrival_counts_from_the_earliest_report_of_the_group(house: House) -> None:
    early = house.accept().number
    first = house.order(early).reported_at
    house.advance(5 * MINUTE)
    main = house.accept(phone="13900139000").number
    house.do(operations.merge, early, into=main, cause="同一线路")

    def arrive_started() -> list[object]:
        return [limit.started_at for limit in limits_of(house.order(main).id) if limit.stage == "arrive"]

    assert arrive_started() == [first]
    house.do(operations.unmerge, early, reason="误并")
    assert arrive_started() == [house.order(main).reported_at]


def test_when_the_main_order_is_cancelled_the_earliest_attached_one_leads(house: House) -> None:
    main, child = two(house)
    third = house.accept(phone="13700137000", address="青山县解放路 16 号").number
    house.do(operations.merge, third, into=main, cause="同一低压线路")
    house.do(operations.cancel, main, reason="withdrawn", by="agent")
    assert house.order(main).status == "CANCELLED"
    assert (house.order(child).status, house.order(child).main_order_id) == ("NEW", None)
    assert (house.order(third).status, house.order(third).main_order_id) == ("MERGED", house.order(child).id)


def test_an_attached_caller_whose_power_is_still_out_gets_an_order_alone(house: House) -> None:
    main, child = two(house)
    house.to_callback(main)
    house.complete(child, "call", "callback", callback_result="still_out")
    assert (house.order(child).status, house.order(child).main_order_id) == ("NEW", None)
    assert set(house.tasks(child)) == {"dispatch"}


def test_an_attached_order_may_be_cancelled(house: House) -> None:
    main, child = two(house)
    house.do(operations.cancel, child, reason="restored_itself", by="agent")
    assert house.order(child).status == "CANCELLED"
    house.to_callback(main)


def test_what_cannot_be_merged(house: House) -> None:
    main, child = two(house)
    other = house.accept(phone="13700137000").number
    with pytest.raises(Conflict):
        house.do(operations.merge, main, into=other, cause="同一线路")
    with pytest.raises(Conflict):
        house.do(operations.merge, other, into=child, cause="同一线路")
    with pytest.raises(Conflict):
        house.do(operations.merge, other, into=other, cause="同一线路")
    with pytest.raises(Invalid):
        house.do(operations.merge, other, into=main, cause=" ")
