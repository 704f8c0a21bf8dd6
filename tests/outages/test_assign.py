"""Whom to send, and sending: through the main repair order's own process."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.outages.models import Outage, OutageEvent
from app.outages.operations.crews import NoOrderYet, assign, propose
from app.outages.operations.find import OutageChanged
from app.workorders import operations
from app.workorders.models import WorkOrder
from app.workorders.operations import CrewData, VehicleData
from app.workorders.operations.dispatch import CrewNotFound
from app.workorders.operations.sending import AlreadySent
from app.workorders.operations.trace import Place
from tests.outages.board_house import Board, board

pytestmark = pytest.mark.databases


@pytest.fixture
def there(app: object, clock: FrozenClock) -> Board:
    return board(clock)


def confirmed(there: Board) -> Outage:
    order = there.house.accept()
    return there.outage(status="confirmed", kind="confirmed_device", locked=True, main_order_id=order.id)


def equip(there: Board, crew: int, skills: list[str]) -> None:
    data = CrewData(unit="GM-LJ-QS", name=f"班{crew}", leader="crew_leader1", skills=skills)
    there.house.do(operations.save_crew, data, crew_id=crew)


def test_the_nearer_crew_with_the_skill_comes_first_and_says_why(there: Board) -> None:
    made = there.outage()
    for crew in (there.house.crew, there.house.second_crew):
        equip(there, crew, ["transformer"])
    there.house.do(operations.report_position, there.house.crew, Place(lat=48.9, lon=8.2))
    there.house.do(operations.report_position, there.house.second_crew, Place(lat=48.41, lon=7.77))
    there.house.do(
        operations.save_vehicle, there.house.crew, VehicleData(plate="浙A1", kind="bucket_truck", equipment=["bucket"])
    )
    found = there.house.do(propose, made.number)
    assert [one.crew.id for one in found] == [there.house.second_crew, there.house.crew]
    assert [one.rank for one in found] == [1, 2]
    kinds = {reason.kind for reason in found[0].proposal.reasons}
    assert {"travel", "free", "skill_fits"} <= kinds


def test_sending_dispatches_the_main_order_and_keeps_why(there: Board) -> None:
    made = confirmed(there)
    there.house.do(assign, made.number, there.house.crew, note="带绝缘杆")
    order = there.house.order(_order(made))
    assert (order.status, order.crew_id) == ("DISPATCHED", there.house.crew)
    row = session.get_one(Outage, made.id)
    assert row.crew_id == there.house.crew
    kept = session.scalars(
        sa.select(OutageEvent).where(OutageEvent.outage_id == made.id, OutageEvent.kind == "crew_chosen")
    ).one()
    assert kept.params["rank"] in {1, 2}
    assert kept.params["reasons"]
    with pytest.raises(AlreadySent):
        there.house.do(assign, made.number, there.house.crew)


def test_another_crew_takes_over_and_the_first_ones_task_is_gone(there: Board) -> None:
    made = confirmed(there)
    number = _order(made)
    there.house.do(assign, made.number, there.house.crew)
    there.house.complete(number, "take", "crew_leader", take_action="take")
    there.house.do(assign, made.number, there.house.second_crew)
    order = there.house.order(number)
    assert (order.status, order.crew_id) == ("DISPATCHED", there.house.second_crew)
    assert set(there.house.tasks(number)) == {"take"}
    there.house.complete(number, "take", "crew_leader", take_action="take")
    assert there.house.order(number).status == "ACCEPTED"


def test_a_crew_that_gave_it_back_leaves_it_to_be_sent_again(there: Board) -> None:
    made = confirmed(there)
    number = _order(made)
    there.house.do(assign, made.number, there.house.crew)
    there.house.complete(number, "take", "crew_leader", take_action="return", return_reason="wrong_unit")
    there.house.do(assign, made.number, there.house.second_crew)
    assert there.house.order(number).crew_id == there.house.second_crew
    there.house.complete(number, "take", "crew_leader", take_action="return", return_reason="wrong_unit")
    with pytest.raises(Forbidden):
        there.house.do(assign, made.number, there.house.crew)
    there.house.do(assign, made.number, there.house.crew, by="supervisor")
    assert there.house.order(number).crew_id == there.house.crew


def test_what_cannot_be_sent_is_refused(there: Board) -> None:
    unjudged = there.outage()
    with pytest.raises(NoOrderYet):
        there.house.do(assign, unjudged.number, there.house.crew)
    made = confirmed(there)
    with pytest.raises(Forbidden):
        there.house.do(assign, made.number, there.house.crew, by="crew")
    with pytest.raises(CrewNotFound):
        there.house.do(assign, made.number, 999)
    with pytest.raises(OutageChanged):
        there.house.do(assign, made.number, there.house.crew, revision=99)


def test_a_crew_off_duty_or_near_the_end_of_its_shift_comes_later(there: Board) -> None:
    made = there.outage()
    for crew in (there.house.crew, there.house.second_crew):
        equip(there, crew, ["transformer"])
        there.house.do(operations.report_position, crew, Place(lat=48.41, lon=7.77))
    there.house.do(operations.set_duty, there.house.crew, on_duty=False)
    found = there.house.do(propose, made.number)
    assert found[0].crew.id == there.house.second_crew
    assert found[1].proposal.minutes - found[0].proposal.minutes >= 60


def _order(outage: Outage) -> str:
    return session.get_one(WorkOrder, session.get_one(Outage, outage.id).main_order_id).number
