"""What pages of work orders send (`web.inputs`), and who sends it."""

from __future__ import annotations

from app.identity.session import acting
from app.web.inputs import day_after, instant, number, same_page, text

__all__ = ["acting", "day_after", "instant", "number", "same_page", "text"]
