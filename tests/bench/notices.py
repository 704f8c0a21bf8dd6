"""Telling the customers of one notice: from its entry to the last message handed to its sender, by one clock.

A fictive grid, one confirmed outage over all of it, a mobile phone for every customer and for every tenth quiet
hours of their own, that have not begun. The clock's own pool of threads runs the jobs; the sender takes a message
and answers at once, so that the figures are ours and not a gateway's.
"""

from __future__ import annotations

import os
import resource
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time as hour
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.customers.models import Contact, Customer, CustomerSetting
from app.engine.definitions.deploy import deploy
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.jobs.pool import JobPool
from app.network.fictive import Plan, load
from app.notify import channels
from app.notify.channels import Message, Outcome
from app.outages.models import Outage, OutageCustomer, OutageNotice, OutageTold
from app.outages.operations import notices
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.identity.factories import make_unit, sync_standard
from tests.workorders.house import definitions

BUDGET_S = 120.0
"""Ten thousand customers are handed to the senders within so many seconds, by one clock."""

THREADS = 4
"""Of the clock's pool, as it comes."""


class Watch:
    """Counts statements and times transactions of the engine's connections."""

    def __init__(self) -> None:
        self.statements = 0
        self.longest = 0.0
        self._begun: dict[int, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def on(self) -> Iterator[Watch]:
        """While the block runs."""
        listening: list[tuple[str, Any]] = [
            ("before_cursor_execute", self._statement),
            ("begin", self._begin),
            ("commit", self._end),
            ("rollback", self._end),
        ]
        for name, handler in listening:
            sa.event.listen(db.db.engine, name, handler)
        try:
            yield self
        finally:
            for name, handler in listening:
                sa.event.remove(db.db.engine, name, handler)

    def _statement(self, *_: Any) -> None:
        with self._lock:
            self.statements += 1

    def _begin(self, connection: sa.Connection) -> None:
        self._begun[id(connection)] = time.perf_counter()

    def _end(self, connection: sa.Connection) -> None:
        taken = time.perf_counter() - self._begun.pop(id(connection), time.perf_counter())
        self.longest = max(self.longest, taken)


def measure(customers: int) -> None:
    """Print the figures of one notice to so many customers, on PostgreSQL where there is one."""
    with house("postgresql" if os.environ.get("LIGHTLINE_TEST_POSTGRES") else "sqlite") as app:
        sync_standard()
        unit = make_unit("GM", kind="province")
        load(Plan(customers, units=((unit.code, unit.path),)), now=NOW)
        db.run(_reachable)
        db.run(lambda: deploy(definitions("outage_notice"), actor=SYSTEM, now=NOW))
        outage = db.run(lambda: _outage(unit.code, unit.path, customers))
        sent: Counter[str] = Counter()
        channels.register("sms", lambda message: _take(message, sent))
        watch = Watch()
        with watch.on():
            begun, burnt = time.perf_counter(), time.process_time()
            db.run(lambda: notices.enter(session.get_one(Outage, outage), "confirmed", actor=SYSTEM, now=NOW))
            entered, watch.longest = time.perf_counter() - begun, 0.0
            told = _work(app)
        taken, burnt = time.perf_counter() - begun, time.process_time() - burnt
        assert (len(sent), set(sent.values())) == (customers, {1}), "everybody once"
        _say(customers, taken, burnt, told, entered, watch)


def _say(customers: int, taken: float, burnt: float, told: float, entered: float, watch: Watch) -> None:
    size = f"{customers} customers, {THREADS} threads"
    tell("outages.notices", 1e3 * taken / customers, f"ms a recipient, {size}")
    tell("outages.notices.cpu", 1e3 * burnt / customers, "ms of this process's CPU a recipient")
    tell("outages.notices.all", taken, f"s until the last is with its sender, {size}", against=BUDGET_S)
    tell("outages.notices.told", told, "s until everybody is on record")
    tell("outages.notices.entered", entered, "s the notice's own transaction")
    tell("outages.notices.statements", watch.statements / customers, "statements a recipient")
    tell("outages.notices.longest", 1e3 * watch.longest, "ms, the longest transaction of the jobs")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell("outages.notices.memory", peak, "MB, the process's peak, the grid's customers with it")


def _work(app: Flask) -> float:
    """Let the clock's pool work until nothing is due; returns after how many seconds everybody was on record."""
    pool, begun, told = JobPool(app, THREADS), time.perf_counter(), 0.0
    try:
        while sum(jobs.count_by_state()[state] for state in ("pending", "leased")):
            session.rollback()
            pool.fill(NOW)
            if not told and not session.scalar(sa.select(OutageNotice.id).where(OutageNotice.cursor.is_not(None))):
                told = time.perf_counter() - begun
            session.rollback()
            time.sleep(0.25)
    finally:
        pool.close()
    assert not jobs.count_by_state()["dead"]
    assert not session.scalar(sa.select(OutageTold.id).where(OutageTold.state != "handed").limit(1))
    return told


def _take(message: Message, sent: Counter[str]) -> Outcome:
    sent[message.key] += 1
    return Outcome("sent", message.key)


def _reachable() -> None:
    """A mobile phone for everybody, quiet hours for every tenth."""
    ids = session.scalars(sa.select(Customer.id)).all()
    contacts = [{"customer_id": key, "name": "机主", "role": "owner", "phone": f"+86139{key:08d}"} for key in ids]
    session.execute(sa.insert(Contact), contacts)
    quiet = {"quiet_from": hour(21), "quiet_to": hour(8), "updated_at": NOW, "updated_by": "bench"}
    session.execute(sa.insert(CustomerSetting), [{"customer_id": key, **quiet} for key in ids[::10]])


def _outage(unit: str, path: str, customers: int) -> int:
    """A confirmed outage over everybody."""
    began = NOW - timedelta(minutes=10)
    row = Outage(
        number="TD1",
        kind="confirmed_device",
        status="confirmed",
        locked=True,
        device_name="总开关",
        unit_code=unit,
        unit_path=path,
        started_at=began,
        detected_at=began,
        confirmed_at=NOW,
        etr_at=NOW + timedelta(hours=2),
        customers_total=customers,
        customers_out=customers,
    )
    session.add(row)
    session.flush()
    columns = ["outage_id", "customer_id", "out_at", "active", "transformer_code"]
    members = sa.select(
        sa.literal(row.id), Customer.id, sa.literal(began, OutageCustomer.out_at.type), sa.true(), sa.literal("")
    )
    session.execute(sa.insert(OutageCustomer).from_select(columns, members))
    return row.id
