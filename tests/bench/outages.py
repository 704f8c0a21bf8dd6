"""Locating outages: what one call costs in a large grid, and whether a storm of calls is kept up with.

The storm: some feeders lose their breaker, others a lateral; seven of ten calls come from below these, the
others from anywhere. Each call is taken as its job takes it, by account and telephone: a transaction with
screening, location, members and the touch of open pages. The jobs that follow are measured apart.

Statements and CPU (of this process, and of the database's own where it is on this machine) tell two versions
apart on a machine that others use too; milliseconds on the wall do not.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from app.customers.models import Customer
from app.engine.definitions.deploy import deploy
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid
from app.network.fictive import Plan, load
from app.outages.models import Outage, OutageCustomer, TroubleCall
from app.outages.operations.trouble import Trouble, report
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.bench.spent import Spent
from tests.identity.factories import make_unit, sync_standard
from tests.workorders.house import definitions

BUDGET_MS = 20.0
STORM = timedelta(minutes=20)
"""How long the calls of the storm take to come in."""

LAG_S = 2.0
"""A dispatcher sees a call within so many seconds."""

IMPORTANT = 500
"""One customer of so many is an important one."""

FOLDERS = ("outage_unplanned", "outage_notice", "outage_execution", *("repair_dispatch", "callback", "limit_watch"))


def measure(customers: int, calls: int) -> None:
    """Print the figures with so many customers and calls, on PostgreSQL where there is one."""
    with house("postgresql" if os.environ.get("LIGHTLINE_TEST_POSTGRES") else "sqlite"):
        sync_standard()
        unit = make_unit("GM", kind="province")
        plan = Plan(customers, units=((unit.code, unit.path),))
        load(plan, now=NOW)
        session.execute(sa.update(Customer).where(Customer.id % IMPORTANT == 0).values(importance="second"))
        session.commit()
        _analyse()
        db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=NOW))
        grid.current(NOW)
        callers = _callers(plan, calls)
        numbers = _numbers()
        for place in range(20):  # what is compiled and cached once
            _take(numbers[callers[place][0]], f"warm-{place}", NOW)
        with Spent() as spent:
            taken = [_take(numbers[customer], f"storm-{place}", at) for place, (customer, at) in enumerate(callers)]
        _tell(taken, [at for _customer, at in callers], plan)
        spent.tell("outages.locate", len(taken), "a call")
        _follow()


def _take(number: str, key: str, at: datetime) -> float:
    """Seconds one call takes."""
    begun = time.perf_counter()
    trouble = Trouble(source="order", key=key, account_no=number, phone=_phone(number), reported_at=at)
    db.run(lambda: report(trouble, actor=SYSTEM, now=at))
    return time.perf_counter() - begun


def _phone(number: str) -> str:
    return f"139{int(number[-8:]):08d}"


def _follow() -> None:
    """What the jobs cost that start and tell the processes of the outages, and how much of the storm's time."""
    waiting = jobs.count_by_state()["pending"]
    begun = time.perf_counter()
    with Spent() as spent:
        done = jobs.run_due(NOW + STORM, waiting)
    seconds = time.perf_counter() - begun
    tell("outages.process", 1e3 * seconds / max(1, done), f"ms a job, {done} jobs of the storm")
    spent.tell("outages.process", max(1, done), "a job")
    tell("outages.process.share", 100 * seconds / STORM.total_seconds(), "% of the storm's time, one job after another")


def _callers(plan: Plan, calls: int) -> list[tuple[int, datetime]]:
    """Who calls, and when."""
    chance = Random(11)
    per_feeder = plan.per_feeder * plan.per_transformer
    per_lateral = plan.per_lateral * plan.per_transformer
    whole = [chance.randrange(max(1, plan.feeders - 1)) * per_feeder for _ in range(max(1, calls // 100))]
    laterals = [
        chance.randrange(max(1, plan.feeders - 1)) * per_feeder + chance.randrange(plan.laterals) * per_lateral
        for _ in range(max(1, calls // 40))
    ]
    found = []
    for place in range(calls):
        fate = chance.random()
        if fate < 0.4:
            customer = chance.choice(whole) + chance.randrange(per_feeder)
        elif fate < 0.7:
            customer = chance.choice(laterals) + chance.randrange(per_lateral)
        else:
            customer = chance.randrange(plan.customers)
        found.append((min(customer, plan.customers - 1), NOW + STORM * (place / calls)))
    return found


def _numbers() -> list[str]:
    return list(session.scalars(sa.select(Customer.number).order_by(Customer.number)))


def _analyse() -> None:
    """As autovacuum would have done long before."""
    session.commit()
    with db.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _tell(taken: list[float], came: list[datetime], plan: Plan) -> None:
    session.rollback()
    outages, out, placed = (
        session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0
        for model, where in (
            (Outage, Outage.status == "predicted"),
            (OutageCustomer, OutageCustomer.active),
            (TroubleCall, TroubleCall.outage_id.is_not(None)),
        )
    )
    ordered = sorted(taken)
    size = f"{plan.customers} customers, {len(taken)} calls"
    tell("outages.locate", 1e3 * sum(taken) / len(taken), f"ms a call, {size}", against=BUDGET_MS)
    tell("outages.locate.p99", 1e3 * ordered[int(len(ordered) * 0.99)], "ms")
    tell("outages.locate.slowest", 1e3 * ordered[-1], "ms")
    free, lag = came[0].timestamp(), 0.0
    for seconds, at in zip(taken, came, strict=True):
        free = max(free, at.timestamp()) + seconds
        lag = max(lag, free - at.timestamp())
    minutes = STORM.total_seconds() / 60
    tell("outages.storm", lag, f"s, the longest a call waits and takes, all within {minutes:.0f} min", against=LAG_S)
    tell("outages.storm.found", outages, f"outages of {placed} calls with {out} customers")
