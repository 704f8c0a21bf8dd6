"""Words and figures that the templates of billing share."""

from __future__ import annotations

from typing import Any

from app.billing import labels
from app.billing.explaining import explain
from app.billing.figures import money, plain
from app.kernel.i18n import format_date


def words() -> dict[str, Any]:
    """Given to every template of billing."""
    return {"l": labels, "label": labels.label, "money": money, "plain": plain, "day": format_date, "explain": explain}
