"""Conversations: one at a time, each ends with what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.desk import operations
from app.desk.operations import Began, NoConversation
from app.desk.queries import conversations_of, open_conversation, resolved_at_first
from app.kernel.errors import Forbidden, Invalid
from tests.customers.accounts import make_contact, make_customer
from tests.workorders.house import House

pytestmark = pytest.mark.databases


def begin(house: House, number: str = "13800138000", **values: object) -> int:
    return house.do(operations.begin, Began(number=number, **values), by="agent")  # type: ignore[arg-type]


def me(house: House) -> int:
    return house.people["agent"].id


def test_the_next_conversation_ends_the_one_before(house: House) -> None:
    begin(house)
    house.clock.advance(timedelta(minutes=3))
    begin(house, "13900139000")
    second, first = conversations_of(me(house), since=house.now - timedelta(hours=1))
    assert (first.seconds, first.result, second.seconds) == (180, "dropped", None)


def test_the_same_call_begins_once(house: House) -> None:
    assert begin(house, call_ref="uuid-1") == begin(house, call_ref="uuid-1")


def test_what_came_of_it_is_kept(house: House) -> None:
    customer = make_customer(house.units["GM-LJ-QS"], "3301005566")
    begin(house)
    house.do(operations.choose_customer, customer.number, by="agent")
    house.do(operations.note_order, "GD1", result="order", category="fault_repair", by="agent")
    house.do(operations.note_answer, "ZS1", by="agent")
    house.do(operations.note_answer, "ZS1", by="agent")
    house.do(operations.end, note="客户着急", by="agent")
    (row,) = conversations_of(me(house), since=house.now)
    assert (row.customer_number, row.orders, row.answers) == ("3301005566", ["GD1"], ["ZS1"])
    assert (row.result, row.category, row.note) == ("order", "fault_repair", "客户着急")
    assert open_conversation(me(house)) is None
    with pytest.raises(NoConversation):
        house.do(operations.end, by="agent")


def test_a_customer_of_another_unit_cannot_be_chosen(house: House) -> None:
    make_customer(house.units["GM-LJ-BH"], "3302000001")
    begin(house)
    with pytest.raises(Invalid):
        house.do(operations.choose_customer, "3302000001", by="agent")


def test_who_does_not_work_at_the_desk_begins_none(house: House) -> None:
    with pytest.raises(Forbidden):
        house.do(operations.begin, Began(number="1"), by="crew")


@pytest.mark.parametrize("wrong", [{"number": "1" * 41}, {"direction": "sideways"}])
def test_what_does_not_fit_is_refused(house: House, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        house.do(operations.begin, Began(**wrong), by="agent")  # type: ignore[arg-type]


def test_first_contact_resolution_counts_who_did_not_call_again_about_the_same(house: House) -> None:
    unit = house.units["GM-LJ-QS"]
    start = house.now
    for number, gaps in (("A1", [0]), ("A2", [0, 2]), ("A3", [0, 9])):
        customer = make_customer(unit, number)
        make_contact(customer)
        for days in gaps:
            house.clock.set(start + timedelta(days=days))
            begin(house)
            house.do(operations.choose_customer, number, by="agent")
            house.do(operations.end, result="told", category="inquiry", by="agent")
    # A1, A2's second and both of A3 were enough; A2's first was not
    assert resolved_at_first(since=start, until=start + timedelta(days=30)) == (4, 5)
    # of the talks of the last seven days nobody can tell yet
    assert resolved_at_first(since=start, until=start + timedelta(days=7, seconds=1))[1] == 3
