"""A small storm of due timers, as the measurement makes a large one: two processes, and none fires twice."""

from __future__ import annotations

from tests.bench.timers import storm
from tests.conftest import POSTGRES


def test_two_processes_drain_a_storm_and_fire_each_timer_once() -> None:
    """On PostgreSQL where there is one: there they are truly at it together."""
    assert storm(150, "postgresql" if POSTGRES else "sqlite") > 0  # raises where a timer fired twice or not at all
