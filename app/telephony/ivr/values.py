"""Values that come from outside, made plain: what a state may hold and JSON can write."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

MAX_PARTS = 20_000
MAX_TEXT = 20_000
MAX_DEPTH = 20


class NotPlain(ValueError):
    """A result too large, too deep or of no kind that a flow can hold."""


def clean(value: Any) -> Any:
    """A copy of plain JSON values: dates and decimals become texts and numbers. Raises NotPlain."""
    return _Cleaner().clean(value, 0)


class _Cleaner:
    def __init__(self) -> None:
        self.parts = 0

    def clean(self, value: Any, depth: int) -> Any:
        self.parts += 1
        if self.parts > MAX_PARTS or depth > MAX_DEPTH:
            raise NotPlain("too large")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value[:MAX_TEXT].encode("utf-8", "replace").decode()
        if isinstance(value, Mapping):
            return {str(key): self.clean(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.clean(item, depth + 1) for item in value]
        return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, int):
        return int(value) if abs(value) < 2**63 else str(value)[:40] if value.bit_length() < 10_000 else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _scalar(int(value) if value == value.to_integral_value() and value.adjusted() < 18 else float(value))
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise NotPlain(type(value).__name__)
