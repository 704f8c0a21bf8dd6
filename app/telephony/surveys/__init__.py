"""Satisfaction surveys by telephone: `keep` an answer, `counts` what was answered.

The questions and the meaning of keys are the flow's (`ivr_flows/`); here stands what was answered.
"""

from __future__ import annotations

from app.telephony.surveys import models, views
from app.telephony.surveys.answers import Counted, counts, keep

__all__ = ["Counted", "counts", "keep", "models", "views"]
