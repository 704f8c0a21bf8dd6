"""Old records of who was told and asked go; what is still needed stays."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import session
from app.kernel.retention import sweeping
from app.outages.models import Outage, OutageRecipient, OutageTold, OutageVerification, TroubleCall
from app.outages.operations import restoring
from tests.outages.handling.test_pages import confirmed
from tests.outages.world import World
from tests.workorders.house import House


def count(model: type) -> int:
    session.expire_all()
    return len(session.scalars(sa.select(model)).all())


def test_after_three_years_nobody_is_named(world: World, house: House) -> None:
    outage = confirmed(world, house)
    house.do(restoring.restore, outage.number)
    house.settle()
    house.clock.advance(timedelta(days=2))
    house.settle()
    session.expire_all()
    assert session.get_one(Outage, outage.id).status == "closed"
    told, asked = count(OutageTold), count(OutageVerification)
    assert (told, asked, count(OutageRecipient)) == (6, 3, 3)
    sweeping.sweep(house.now)
    assert count(OutageTold) == told
    house.clock.advance(timedelta(days=1100))
    sweeping.sweep(house.now)
    assert (count(OutageTold), count(OutageVerification), count(OutageRecipient)) == (0, 0, 0)
    assert db.session.get(Outage, outage.id) is not None


def test_a_report_that_nobody_placed_is_forgotten_too(world: World, house: House) -> None:
    world.call(now=house.now, phone="13900001110", address="某村口")
    house.clock.advance(timedelta(days=1100))
    sweeping.sweep(house.now)
    session.expire_all()
    (call,) = session.scalars(sa.select(TroubleCall)).all()
    assert (call.phone, call.address, call.state) == ("", "", "open")
