"""Demo orders stand in every stage, once."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.identity import demo as organisation
from app.identity import standard
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.workorders import demo
from app.workorders.models import WorkOrder
from tests.workorders.house import definitions


def test_demo_orders_stand_in_every_stage(app: Flask, clock: FrozenClock) -> None:
    db.run(lambda: standard.sync(standard.read()))
    db.run(lambda: organisation.load("demo-password-1"))
    db.run(lambda: deploy(definitions(), actor=SYSTEM, now=clock.now()))
    assert demo.load(scale=1) == 28
    statuses = set(session.scalars(sa.select(WorkOrder.status)))
    assert {"NEW", "EN_ROUTE", "REPAIRING", "REPLIED", "ARCHIVED", "SUSPENDED", "MERGED", "RETURNED"} <= statuses
    assert engine.list_incidents() == []
    assert demo.load(scale=1) == 0
