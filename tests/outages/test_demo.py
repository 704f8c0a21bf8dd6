"""The demo's outages stand in every state, with crews, estimates, notices and callbacks, and a storm is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from app.customers import demo as customers
from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.identity import demo as organisation
from app.identity import standard
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.network import demo as network
from app.outages import demo
from app.outages.models import Outage, OutageEtr, OutageNotice, OutageStorm, OutageTold, OutageVerification
from app.outages.queries.board import Filters, Row, rows, totals
from app.outages.queries.playback import played
from app.workorders import demo as orders
from app.workorders.models import WorkOrder


def test_demo_outages_stand_in_every_state_and_a_storm_is_over(app: Flask, clock: FrozenClock) -> None:
    _house(clock)
    made = demo.load()
    now = clock.now()
    found = rows(Filters(), paths=["/"], now=now)
    assert {row.status for row in found} == {
        *("predicted", "confirmed", "en_route", "on_site", "partially_restored", "verifying"),
    }
    assert {row.important_level for row in found if row.important} == {"special", "first", "second"}
    assert found[0].important_level == "special", "the most important customer is first"
    assert {row.etr_source for row in found if row.etr_at} == {"rule", "crew", "dispatcher"}
    assert {row.crew_id is not None for row in found if row.status in {"en_route", "on_site"}} == {True}
    assert _one(found, "partially_restored").customers_restored > 0
    assert _one(found, "verifying").callbacks_pending > 0
    assert any(row.parent_id for row in found), "somebody is still out"
    assert {row.nature for row in rows(Filters(nature="planned"), paths=["/"], now=now)} == {"planned"}
    assert totals(found, paths=["/"], now=now).important == len([row for row in found if row.important])
    assert engine.list_incidents() == []
    for row in found:
        if row.status != "predicted":
            assert row.order_number
            assert _count(OutageNotice, OutageNotice.outage_id == row.id)
    assert _count(OutageTold), "customers were told one by one"
    assert _count(OutageEtr, OutageEtr.source == "dispatcher") >= 1
    assert set(session.scalars(sa.select(OutageVerification.state))) >= {"pending", "still_out", "restored"}
    assert demo.load() == made, "once"
    _the_storm_is_over_and_can_be_played_back(clock)


def _the_storm_is_over_and_can_be_played_back(clock: FrozenClock) -> None:
    storm = session.scalars(sa.select(OutageStorm)).one()
    assert (storm.state, storm.summary["outages"], storm.summary["customers_still_out"]) == ("ended", demo.IN_STORM, 0)
    assert storm.began_at is not None
    assert storm.ended_at is not None
    of_storm = session.scalars(sa.select(Outage).where(Outage.storm_id == storm.id, Outage.status == "closed")).all()
    assert len(of_storm) == demo.IN_STORM
    assert {outage.callbacks_pending for outage in of_storm} == {0}
    mains = [session.get_one(WorkOrder, outage.main_order_id) for outage in of_storm]
    assert {order.status for order in mains} == {"ARCHIVED"}
    span = storm.began_at - timedelta(hours=1), storm.ended_at + timedelta(hours=1)
    shown = played(*span, paths=["/"], now=clock.now())
    assert {outage.number for outage in of_storm} <= {one.number for one in shown}
    assert all(one.place for one in shown)


def _house(clock: FrozenClock) -> None:
    """What the demo loads before: organisation, definitions, crews, customers on the grid."""
    files = {
        str(path.relative_to(ROOT)): path.read_bytes()
        for folder in (ROOT / "bpmn", ROOT / "forms")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".bpmn", ".dmn", ".form"}
    }
    db.run(lambda: standard.sync(standard.read()))
    db.run(lambda: organisation.load("demo-password-1"))
    db.run(lambda: deploy(files, actor=SYSTEM, now=clock.now()))
    orders.load_crews()
    customers.load()
    network.load()


def _one(found: Collection[Row], status: str) -> Row:
    return next(row for row in found if row.status == status)


def _count(model: type, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0
