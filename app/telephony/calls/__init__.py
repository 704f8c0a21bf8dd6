"""Calls on record: who called, which legs and nodes, what was pressed (masked), waits, talk, and how it ended.

Records are gathered in memory while a call runs and written once a second in one transaction (`recorder`), so
that no caller waits for the database. What a dying process loses is at most its last second; a call that was
open then is closed when FreeSWITCH no longer knows it (`operations.reconcile`).

`queries.drop_off(flow, version, since, until)` counts every step of a flow for its picture.
"""

from __future__ import annotations

from app.telephony.calls import models, queries, retention
from app.telephony.calls.recorder import CallLog, Recorder

__all__ = ["CallLog", "Recorder", "models", "queries", "retention"]
