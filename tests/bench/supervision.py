"""The supervision page with millions of orders: facts made by the database, rolled up, asked for by a department.

PostgreSQL only (`LIGHTLINE_TEST_POSTGRES`): rows are made by `generate_series`; the orders themselves are
not made, since the counts are asked of the roll-ups alone. The value is the 95th of a hundred boards.
"""

from __future__ import annotations

import time

import sqlalchemy as sa

from app.identity import demo as organisation
from app.identity import queries as people
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.supervision.models import MEASURES
from app.supervision.operations.words import sync_words
from app.supervision.queries.board import board
from app.supervision.queries.lines import lines
from app.supervision.queries.tree import look
from tests.bench.customers import _house
from tests.bench.house import NOW
from tests.bench.measure import tell

BUDGET_MS = 300.0
DAYS = 400
OPEN_SHARE = 100
"""One order in so many is under way."""


def measure(count: int) -> None:
    """Print how long the board of the whole province takes with `count` orders, for the department of all lines."""
    with _house() as app:
        if "postgresql" not in app.config["SQLALCHEMY_DATABASE_URI"]:
            return
        db.run(lambda: sync_words(actor=SYSTEM, now=NOW))
        db.run(lambda: organisation.load("bench-only-words-8"))
        db.run(lambda: _fill(count))
        session.execute(sa.text("ANALYZE supervision_period"))
        rows = session.scalar(sa.text("SELECT count(*) FROM supervision_period"))
        session.rollback()
        tell("supervision.rows", rows, "rows", against=count)
        tell("supervision.page", _p95(), "ms", against=BUDGET_MS)


def _fill(count: int) -> None:
    units = [unit.code for unit in people.subtree(at=NOW)]
    kinds = [
        ("fault_repair", "low_voltage"),
        ("fault_repair", "high_voltage"),
        ("complaint", "complaint_service"),
        ("complaint", "complaint_outage"),
        ("inquiry", "inquiry_price"),
        ("inquiry", "inquiry_other"),
        ("service_request", "meter_abnormal"),
        ("service_request", "reconnection"),
        ("opinion", ""),
        ("praise", ""),
    ]
    zero = ("closed", "dispatched", "due", "orders")
    columns = ", ".join(MEASURES)
    sums = ", ".join(
        "count(*)" if name in zero else "count(*) FILTER (WHERE hashint4(n) % 13 = 0)" for name in MEASURES
    )
    given = {
        "units": units,
        "categories": [kind[0] for kind in kinds],
        "subs": [kind[1] for kind in kinds],
        "n": count,
        "days": DAYS,
        "today": NOW.date(),
        "share": OPEN_SHARE,
    }
    place = (
        "(CAST(:units AS text[]))[1 + n % cardinality(CAST(:units AS text[]))], "
        "(CAST(:categories AS text[]))[1 + (n / 7) % 10], (CAST(:subs AS text[]))[1 + (n / 7) % 10]"
    )
    for grain, day in (
        ("d", "CAST(:today AS date) - (n / 3) % :days"),
        ("m", "CAST(date_trunc('month', CAST(:today AS date) - (n / 3) % :days) AS date)"),
    ):
        session.execute(
            sa.text(
                f"INSERT INTO supervision_period (grain, day, unit_code, category, sub_type, {columns}) "
                f"SELECT '{grain}', {day}, {place}, {sums} FROM generate_series(1, :n) n GROUP BY 2, 3, 4, 5"
            ),
            given,
        )
    session.execute(
        sa.text(
            "INSERT INTO supervision_open (unit_code, category, sub_type, status, limit_state, age, orders) "
            f"SELECT {place}, (ARRAY['NEW','DISPATCHED','ACCEPTED','HANDLING'])[1 + n % 4], "
            "(ARRAY['over','near','running','paused'])[1 + (n / 4) % 4], (n / 16) % 4, count(*) "
            "FROM generate_series(1, :n / :share) n GROUP BY 1, 2, 3, 4, 5, 6"
        ),
        given,
    )


def _p95() -> float:
    line = lines()["all"]
    taken = []
    for _ in range(100):
        begin = time.perf_counter()
        board(line, look(SYSTEM, "", now=NOW), now=NOW)
        session.rollback()
        taken.append(1000 * (time.perf_counter() - begin))
    return sorted(taken)[94]
