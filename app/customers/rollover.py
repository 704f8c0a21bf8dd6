"""Whether a register went through zero (翻转): the one answer for entry, pages and whoever counts energy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml

from app.kernel import settings

FILE = Path(__file__).with_name("rollover.yaml")


@dataclass(frozen=True, slots=True)
class Rollover:
    """`high` and `low` are shares of a register's range."""

    high: Decimal
    low: Decimal

    def happened(self, before: Decimal, now: Decimal, digits: int) -> bool:
        """Whether a smaller value is a register of so many digits that went through zero and not an error."""
        scale = Decimal(10) ** digits
        return now < before < scale and before >= scale * self.high and now <= scale * self.low


def rollover() -> Rollover:
    """The bounds in force here."""
    own = settings.current().instance / "customer_rollover.yaml"
    return _read(own if own.exists() else FILE)


@lru_cache(maxsize=4)
def _read(path: Path) -> Rollover:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Rollover(high=Decimal(str(content["high"])), low=Decimal(str(content["low"])))
