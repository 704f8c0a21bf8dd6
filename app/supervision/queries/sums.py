"""Sums of measures and the indicators that follow from them (section 95598 of the service standards).

及时率 = on time / due; 退单率 = returned / dispatched; 回访率 = called back / to be called back;
满意率 = satisfied / valid answers; repeated calls as a share of all orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.supervision.models import MEASURES

ON_TIME = "on_time"

INDICATORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "on_time": ("on_time", "due"),
        "return_rate": ("returned", "dispatched"),
        "callback_rate": ("called_back", "callback_due"),
        "satisfaction": ("satisfied", "valid"),
        "repeat_rate": ("repeated", "orders"),
    }
)
"""Indicator: (numerator, denominator), names of measures or `on_time`."""


@dataclass(slots=True)
class Sums:
    """The measures of some orders, added up."""

    orders: int = 0
    closed: int = 0
    dispatched: int = 0
    returned: int = 0
    due: int = 0
    late: int = 0
    callback_due: int = 0
    called_back: int = 0
    valid: int = 0
    satisfied: int = 0
    repeated: int = 0
    reopened: int = 0
    supervised: int = 0

    def add(self, row: Mapping[str, int]) -> None:
        for name in MEASURES:
            setattr(self, name, getattr(self, name) + int(row[name] or 0))

    @property
    def on_time(self) -> int:
        return self.due - self.late

    def rate(self, indicator: str) -> float | None:
        """Per cent; None where the denominator is 0."""
        above, below = self.parts(indicator)
        return 100 * above / below if below else None

    def parts(self, indicator: str) -> tuple[int, int]:
        """(numerator, denominator)."""
        above, below = INDICATORS[indicator]
        return getattr(self, above), getattr(self, below)
