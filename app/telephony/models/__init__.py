"""Tables of flows: their versions, what is published, switches that flows ask for, calls being tried."""

from __future__ import annotations

from app.telephony.models.flows import IvrFlow, IvrFlowVersion, IvrRelease, IvrReleaseFlow
from app.telephony.models.switches import IvrHours, IvrNotice
from app.telephony.models.trial import IvrTrial

__all__ = ["IvrFlow", "IvrFlowVersion", "IvrHours", "IvrNotice", "IvrRelease", "IvrReleaseFlow", "IvrTrial"]
