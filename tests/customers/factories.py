"""Customers for tests: `make_fictive(count, units)` writes fictive ones, `demo_units()` the units they live in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.customers.fictive.loading import load
from app.customers.operations.codes import sync_codes
from app.identity.queries import UnitView
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from tests.identity.factories import LONG_AGO, make_unit


def demo_units() -> list[UnitView]:
    """A province with two counties and two stations each: `QS-01`, `QS-02`, `BH-01`, `BH-02`."""
    province = make_unit("GM", kind="province")
    city = make_unit("GM-LJ", parent=province)
    counties = [make_unit(f"GM-LJ-{name}", parent=city) for name in ("QS", "BH")]
    return [make_unit(f"{county.code}-0{n}", parent=county, area="urban") for county in counties for n in (1, 2)]


def sync_words() -> None:
    """The code lists."""
    sync_codes(actor=SYSTEM, now=LONG_AGO)
    session.commit()


def make_fictive(count: int, units: Sequence[UnitView], *, now: datetime, months: int = 1) -> None:
    """Fictive customers 0 to `count`, taking turns over the units."""
    load(count, units, now=now, months=months)
