"""The house of orders with everything that outages need besides, and the town below it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.notify import channels
from tests.identity.factories import make_user
from tests.outages.handling.crowd import Gateway
from tests.outages.world import World, found
from tests.workorders.house import House, build, definitions

FOLDERS = (
    "outage_unplanned",
    "outage_notice",
    "outage_execution",
    "outage_planned",
    "outage_temporary",
    "outage_consent",
    "key_account_visit",
    "storm",
)


@pytest.fixture(autouse=True)
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """A gateway for text messages that takes them all."""
    made = Gateway()
    monkeypatch.setitem(channels._senders, "sms", made.take)
    return made


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    """Units, people with planners among them, crews, the diagrams of repairs and outages."""
    made = build(clock)
    county = made.units["GM-LJ-QS"]
    for post in ("outage_planner", "grid_planner", "account_manager"):
        made.people[post] = make_user(f"{post}1", posts=[(post, county)])
    db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=clock.now()))
    return made


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    """The town of `world.TOWN`, three customers a transformer, in the house's county."""
    county = house.units["GM-LJ-QS"]
    return found(monkeypatch, now=house.now, unit=(county.code, county.path))
