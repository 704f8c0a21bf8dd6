"""Jobs of billing: the steps of a run, and what follows on its release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.billing.operations import releasing, running
from app.kernel.registry import registry


@registry.job(running.STEP)
def run_step(payload: Mapping[str, Any], now: datetime) -> None:
    """Bill the next customers of a run."""
    running.step_and_go_on(int(payload["run_id"]), now=now)


@registry.job(releasing.BALANCES)
def use_balances(payload: Mapping[str, Any], now: datetime) -> None:
    """Pay released bills out of what was paid in advance."""
    releasing.use_balances(int(payload["run_id"]), int(payload["after"]), now=now)
