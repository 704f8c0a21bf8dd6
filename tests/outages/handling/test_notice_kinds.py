"""The cause of a stop makes the kind of its notice: 超供电能力、窃电、违约用电."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.indices.rules import rules
from app.outages.models import OutageNotice
from app.outages.operations import confirming
from app.outages.operations.notice_facts import OF_CAUSE, kind_of
from app.workorders.queries.codes import codes
from tests.outages.handling.grid_town import settle
from tests.outages.handling.test_planned import asked, outage
from tests.outages.test_orders import accept
from tests.outages.world import World, active
from tests.workorders.house import House


def test_every_cause_with_a_notice_of_its_own_can_be_named(house: House) -> None:
    assert {each.code for each in codes("fault_cause")} >= OF_CAUSE


@pytest.mark.parametrize("work", sorted(OF_CAUSE))
def test_a_stop_asked_for_because_of_it_has_its_kind(house: House, work: str) -> None:
    number = asked(house, settle(house), nature="temporary", work=work)
    assert kind_of(outage(number)) == work


def test_a_confirmed_shortage_is_told_as_such_and_counts_as_one(world: World, house: House) -> None:
    for customer in range(2):
        accept(house, "T1", customer)
    (found,) = active()
    house.do(confirming.confirm, found.number, None, "shortage")
    house.settle()
    notice = session.scalars(sa.select(OutageNotice).where(OutageNotice.occasion == "confirmed")).one()
    assert notice.kind == "shortage"
    assert rules().shortage(found.nature, "shortage")
