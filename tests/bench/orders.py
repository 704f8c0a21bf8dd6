"""The page of counts and the desk's look-up of a caller with few and with very many closed orders in the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.phones import normalise
from app.desk.queries.caller import who_calls
from app.engine.definitions.deploy import deploy
from app.kernel.actor import SYSTEM
from app.kernel.db import run, session
from app.kernel.settings import ROOT
from app.workorders.models import WorkOrder
from app.workorders.operations import sync_codes
from app.workorders.queries.counts import counts
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell
from tests.identity.factories import make_unit

FEW = 1_000
OPEN = 500
"""Orders under way, the same in both measurements: a county's."""

TABLE = ROOT / "bpmn/desk/likely_reason.dmn"
CHUNK = 10_000
PHONE = "13800138000"
BUDGET = 0.1
"""Seconds in which a caller's number is answered."""


def measure(many: int) -> None:
    """Print CPU seconds of both with `many` closed orders, against the same with a thousand."""
    with house():
        unit = make_unit("ST")
        run(lambda: sync_codes(actor=SYSTEM, now=NOW))
        run(lambda: deploy({TABLE.name: TABLE.read_bytes()}, actor=SYSTEM, now=NOW))
        run(lambda: _write(0, OPEN, unit.path, closed=False))
        run(lambda: _write(OPEN, FEW, unit.path, closed=True))
        few = _both()
        for start in range(FEW, many, CHUNK):
            run(lambda start=start: _write(OPEN + start, min(CHUNK, many - start), unit.path, closed=True))
        session.execute(sa.text("ANALYZE"))
        more = _both()
    tell("orders.counts", more[0], "s", against=few[0])
    tell("orders.caller", more[1], "s", against=few[1])
    tell("orders.caller_budget", more[1], "s", against=BUDGET)


def _both() -> tuple[float, float]:
    return (
        _cost(lambda: counts(["/"], now=NOW)),
        _cost(lambda: who_calls(PHONE, actor=SYSTEM, now=NOW)),
    )


def _cost(ask: Callable[[], Any]) -> float:
    return seconds(lambda _none: ask(), session.expunge_all, batches=3, calls=5)


def _write(first: int, count: int, path: str, *, closed: bool) -> None:
    """Orders as the intake leaves them, one in ten thousand from the caller asked for."""
    session.execute(sa.insert(WorkOrder), [_row(n, path, closed) for n in range(first, first + count)])


def _row(n: int, path: str, closed: bool) -> dict[str, Any]:
    at = NOW - timedelta(minutes=n)
    return {
        "number": f"GD{n:012d}",
        "category": ("fault_repair", "inquiry", "complaint")[n % 3],
        "ruleset": "SGCC-2022",
        "unit_code": "ST",
        "unit_path": path,
        "address": f"解放路 {n} 号",
        "description": "停电",
        "contact_phone": normalise(PHONE if n % 10_000 == 0 else f"139{n % 100_000_000:08d}"),
        "status": "ARCHIVED" if closed else "NEW",
        "reported_at": at,
        "accepted_at": at,
        "accepted_by": "agent",
        "closed_at": at if closed else None,
    }
