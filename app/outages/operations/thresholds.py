"""The thresholds in force for a unit: asked of the decision table `outage_location`, with the rules that matched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.engine import api as engine
from app.outages.location import Thresholds
from app.outages.operations import storm_mode
from app.outages.operations.deployed import is_deployed
from app.outages.operations.remembered import once

DECISION = "outage_location"


@dataclass(frozen=True, slots=True)
class InForce:
    """`values` with the ids of the `rules` of the table they came from."""

    values: Thresholds
    rules: tuple[str, ...]
    storm: bool

    def kept(self) -> dict[str, Any]:
        """As an explanation keeps them."""
        return {"thresholds": asdict(self.values), "dmn": list(self.rules), "storm": self.storm}


def thresholds_for(unit: str, *, storm: bool, now: datetime) -> InForce:
    """The row of the table for a unit, in storm mode or not."""
    return once(("thresholds", unit, storm), lambda: _asked(unit, storm, now))


def in_force_at(unit: str, unit_path: str, now: datetime) -> InForce:
    """What holds for a unit at this moment, as storm mode holds there or not."""
    storm = bool(unit_path) and storm_mode.storm_of(unit_path, now) is not None
    return thresholds_for(unit, storm=storm, now=now)


def _asked(unit: str, storm: bool, now: datetime) -> InForce:
    decided = engine.decide(DECISION, {"unit": unit, "storm": storm}, now=now, record=False)
    return InForce(Thresholds.of(decided.result), tuple(rule.rule for rule in decided.rules), storm)


def known() -> bool:
    """Whether the table is deployed here."""
    return is_deployed(DECISION, "dmn")
