"""A house with its people and the repair's diagrams, and a small grid below it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.settings import ROOT
from tests.outages.world import World, found
from tests.workorders.house import House, build

TABLE = "bpmn/outage_unplanned/outage_location.dmn"


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    """Units, people, crews, the repair's diagrams and the thresholds."""
    made = build(clock)
    content = {TABLE: (ROOT / TABLE).read_bytes()}
    db.run(lambda: deploy(content, actor=SYSTEM, now=clock.now()))
    return made


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    """The town of `world.TOWN`, three customers a transformer, in the house's county."""
    county = house.units["GM-LJ-QS"]
    return found(monkeypatch, now=house.now, unit=(county.code, county.path))
