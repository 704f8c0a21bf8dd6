"""Rows and sums of the board, its pages, and who may see what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.outages.models import Outage, OutageEtr, OutageStep, TroubleCall
from app.outages.queries.board import Filters, places, rows, totals
from app.workorders.models import WorkOrder
from tests.identity.factories import sign_in
from tests.outages.board_house import Board, board

pytestmark = pytest.mark.databases

EVERYWHERE = ("/",)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def there(app: object, clock: FrozenClock) -> Board:
    return board(clock)


def restored(outage: Outage, n: int, at: datetime, customers: int) -> OutageStep:
    return OutageStep(outage_id=outage.id, n=n, at=at, kind="restored", customers=customers, customer_minutes=1, by="x")


def numbers(there: Board, **filters: object) -> list[str]:
    return [row.number for row in rows(replace(Filters(), **filters), paths=EVERYWHERE, now=there.now)]  # type: ignore[arg-type]


def test_the_most_pressing_come_first(there: Board) -> None:
    small = there.outage(customers_out=5).number
    large = there.outage(customers_out=500).number
    important = there.outage(customers_out=1, important=1, important_level="first").number
    most = there.outage(customers_out=1, important=1, important_level="special").number
    urgent = there.outage(priority=90).number
    back = there.outage(status="verifying", customers_out=0, priority=99).number
    assert numbers(there) == [most, important, urgent, large, small, back]


def test_filters_narrow_and_what_is_over_or_only_planned_is_left_out(there: Board) -> None:
    one = there.outage(status="confirmed", important=1, important_level="second")
    there.outage(status="closed")
    there.outage(status="cancelled")
    planned = there.outage(nature="planned", kind="planned", status="noticed")
    other = there.outage()
    assert set(numbers(there)) == {one.number, other.number}
    assert numbers(there, important=True) == [one.number]
    assert numbers(there, nature="planned") == [planned.number]
    assert numbers(there, statuses=("noticed",)) == [planned.number]
    assert numbers(there, text=other.number.lower()) == [other.number]
    assert numbers(there, text="%") == []
    assert numbers(there, unit_path=there.house.units["GM-LJ-BH"].path) == []
    assert one.number in numbers(there, feeder=one.feeder_code)


def test_customers_cut_off_for_arrears_stand_on_the_board_only_where_asked_for(there: Board) -> None:
    fault = there.outage()
    arrears = there.outage(nature="arrears", kind="confirmed_service", status="confirmed")
    assert numbers(there) == [fault.number]
    assert numbers(there, nature="arrears") == [arrears.number]
    assert numbers(there, text=arrears.number) == [arrears.number]


def test_a_mark_changes_with_what_a_row_shows_and_only_then(there: Board) -> None:
    made = there.outage()
    before = rows(Filters(), paths=EVERYWHERE, now=there.now)[0]
    assert rows(Filters(), paths=EVERYWHERE, now=there.now)[0].mark == before.mark
    made = session.merge(made)
    made.customers_out = 39
    session.commit()
    assert rows(Filters(), paths=EVERYWHERE, now=there.now)[0].mark != before.mark


def test_the_colour_follows_the_time_by_the_tables(there: Board) -> None:
    start = there.now
    there.outage(started_at=start, detected_at=start)

    def colour(minutes: int) -> str:
        return rows(Filters(), paths=EVERYWHERE, now=start + minutes * MINUTE)[0].sla

    assert [colour(minutes) for minutes in (0, 4, 5, 8, 10, 60)] == ["green", "green", "yellow", "orange", "red", "red"]


def test_an_outage_with_an_order_follows_the_orders_limits(there: Board) -> None:
    order = there.house.accept()
    there.outage(status="confirmed", main_order_id=order.id, crew_id=there.house.crew)
    row = rows(Filters(), paths=EVERYWHERE, now=there.now)[0]
    assert row.limit is not None
    assert row.limit.stage in {"dispatch", "arrive"}
    assert (row.order_number, row.crew) == (order.number, "抢修一班")


def test_the_sums_are_those_of_the_rows_and_of_today(there: Board) -> None:
    one = there.outage(customers_out=30, calls=3, callbacks_pending=4)
    there.outage(customers_out=12, calls=1, important=2, important_level="first")
    session.add(restored(one, 1, there.now, 10))
    session.add(restored(one, 2, there.now - timedelta(days=1), 7))
    session.add(OutageEtr(outage_id=one.id, at=there.now, etr_at=there.now + MINUTE, source="rule", by="x"))
    session.add(OutageEtr(outage_id=one.id, at=there.now, etr_at=there.now + 2 * MINUTE, source="crew", by="x"))
    session.commit()
    found = rows(Filters(), paths=EVERYWHERE, now=there.now)
    sums = totals(found, paths=EVERYWHERE, now=there.now)
    assert (sums.outages, sums.customers_out, sums.calls, sums.important, sums.callbacks) == (2, 42, 4, 1, 4)
    assert sums.restored_today == 10
    assert (sums.crews_on_duty, sums.crews_free) == (2, 2)
    assert next(row.etr_changes for row in found if row.id == one.id) == 2
    assert set(places(found, now=there.now)) == {row.id for row in found}


def test_a_page_tells_marks_and_gives_rows_by_id(client: FlaskClient, there: Board) -> None:
    made = there.outage()
    sign_in(client, there.house.people["dispatcher"])
    page = client.get("/outages")
    assert page.status_code == 200
    assert made.number in page.text
    told = client.get("/outages/board.json").json
    assert told is not None
    assert [row[0] for row in told["rows"]] == [made.id]
    assert told["points"][0][0] == made.id
    assert made.number in client.get(f"/outages/rows?ids={made.id},999,x").text
    assert client.get(f"/outages/{made.number}/panel").status_code == 200
    assert "抢修一班" in client.get("/outages/crews").text
    assert made.number in client.get("/outages/wall").text
    assert made.number in client.get("/outages/wall/content").text


def test_somebody_of_another_unit_sees_nothing_of_it(client: FlaskClient, there: Board) -> None:
    made = there.outage()
    sign_in(client, there.house.people["other_dispatcher"])
    assert client.get("/outages/board.json").json["rows"] == []  # type: ignore[index]
    assert made.number not in client.get(f"/outages/rows?ids={made.id}").text
    assert made.number not in client.get(f"/outages?q={made.number}").text.split("<tbody", 1)[1].split("</tbody>")[0]
    assert client.get(f"/outages/{made.number}/panel").status_code == 403


def test_a_past_day_is_played_back(client: FlaskClient, there: Board) -> None:
    made = there.outage(started_at=there.now - 30 * MINUTE, detected_at=there.now - 29 * MINUTE)
    session.add(
        OutageStep(
            outage_id=made.id, n=1, at=there.now - 5 * MINUTE, kind="restored", customers=15, customer_minutes=1, by="x"
        )
    )
    session.commit()
    sign_in(client, there.house.people["dispatcher"])
    assert client.get("/outages/playback").status_code == 200
    told = client.get("/outages/playback.json").json
    assert told is not None
    assert [one[0] for one in told["outages"]] == [made.id]
    assert told["changes"][0][2]["out"] == 40
    refused = client.get("/outages/playback.json?from=2026-01-01T00:00&to=2026-03-01T00:00")
    assert refused.status_code == 422
    empty = client.get("/outages/playback.json?from=2026-02-01T00:00&to=2026-02-02T00:00").json
    assert empty is not None
    assert empty["outages"] == []


def test_callbacks_pending_are_verification_and_orders_whose_customers_were_not_called(there: Board) -> None:
    back = there.outage(status="verifying", customers_out=0, restored_at=there.now, callbacks_pending=2)
    only_orders = there.outage(status="restored", customers_out=0, restored_at=there.now)
    still_out = there.outage()
    states = {"REVIEWED": back, "MERGED": back, "CALLED_BACK": back, "ARCHIVED": back, "CANCELLED": back}
    for status, outage in states.items():
        reported(there, outage, status)
    reported(there, only_orders, "REPLIED")
    reported(there, still_out, "REPAIRING")
    found = {row.id: row for row in rows(Filters(), paths=EVERYWHERE, now=there.now)}
    assert {(row.id, row.callbacks_pending, row.order_callbacks) for row in found.values()} == {
        (back.id, 2, 2),
        (only_orders.id, 0, 1),
        (still_out.id, 0, 0),
    }
    assert totals(list(found.values()), paths=EVERYWHERE, now=there.now).callbacks == 5
    marks = found[back.id].mark
    order = session.scalars(sa.select(WorkOrder).where(WorkOrder.status == "REVIEWED")).one()
    order.status = "CALLED_BACK"
    session.commit()
    again = {row.id: row for row in rows(Filters(), paths=EVERYWHERE, now=there.now)}[back.id]
    assert (again.callbacks, again.mark != marks) == (3, True), "the page fetches the row again"


def reported(there: Board, outage: Outage, status: str) -> None:
    """A report of the outage by an order in this state."""
    number = there.house.accept().number
    order = session.scalars(sa.select(WorkOrder).where(WorkOrder.number == number)).one()
    order.status = status
    now = there.now
    session.add(
        TroubleCall(
            source="order",
            key=f"order:{order.id}",
            order_id=order.id,
            order_number=number,
            outage_id=outage.id,
            state="attached",
            unit_path=outage.unit_path,
            reported_at=now,
            received_at=now,
        )
    )
    session.commit()
