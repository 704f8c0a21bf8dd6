"""Work of the clock: fold marks, judge alerts, follow take-overs, make the sheets of the month that ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import db
from app.kernel.registry import registry
from app.supervision.operations import alerts, folding, taking
from app.supervision.operations.monthly import make_due

ROUNDS = 20
"""Batches one run folds at most: a storm of changes does not keep the other sweeps waiting."""


@registry.sweep("supervision.fold", every=timedelta(seconds=5))
def fold(now: datetime) -> int:
    """Counts follow the orders within seconds."""
    done = 0
    for _round in range(ROUNDS):
        folded = db.run(lambda: folding.fold(now=now))
        done += folded
        if folded < folding.BATCH:
            break
    return done


@registry.sweep("supervision.alerts", every=timedelta(seconds=30))
def judge(now: datetime) -> int:
    """Alerts of orders that changed."""
    return db.run(lambda: alerts.judge_orders(now))


@registry.sweep("supervision.unit_alerts", every=timedelta(minutes=15))
def judge_units(now: datetime) -> int:
    """Alerts of units, by their month."""
    return db.run(lambda: alerts.judge_units(now))


@registry.sweep("supervision.takeovers", every=timedelta(seconds=15))
def follow(now: datetime) -> int:
    """New tasks of orders that a department took over."""
    return db.run(lambda: taking.follow(now))


@registry.sweep("supervision.sheets", every=timedelta(minutes=30))
def sheets(now: datetime) -> int:
    """The monthly sheets, from the first working day of a month."""
    return make_due(now)
