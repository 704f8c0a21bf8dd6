"""A notice is entered within minutes of what it tells of: a restoration recorded late makes it a late one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import OutageNotice
from app.outages.operations import restoring
from app.outages.queries.notices import notices_of
from tests.outages.handling.test_pages import confirmed
from tests.outages.world import World
from tests.workorders.house import House

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("minutes", "late"), [(2, False), (20, True)])
def test_the_limit_runs_from_the_restoration(world: World, house: House, minutes: int, late: bool) -> None:
    outage = confirmed(world, house)
    house.clock.advance(60 * MINUTE)
    back = house.now - minutes * MINUTE
    house.do(restoring.restore, outage.number, at=back)
    house.settle()
    notice = session.scalars(sa.select(OutageNotice).where(OutageNotice.occasion == "restored")).one()
    assert notice.due_at == back + 5 * MINUTE
    (shown,) = [one for one in notices_of(outage.id) if one.occasion == "restored"]
    assert shown.late is late
