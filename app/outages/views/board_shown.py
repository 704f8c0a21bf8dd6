"""A row of the board in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.kernel.i18n import format_duration, format_when, localized
from app.outages.labels import DEVICE_KIND, ETR_SOURCE, KIND, NATURE, STATUS, STATUS_TONE, label
from app.outages.queries.board import Row
from app.workorders.labels import stage_label, status_label
from app.workorders.queries.codes import CodeView

TONES = {"yellow": "orange", "azure": "blue", "teal": "green", "secondary": "grey"}
"""Tones of states as the house's badges know them."""

STAGES = {"confirm": _l("Judge it")}
"""The stage that only outages have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the template writes; instants that the page counts on are ISO texts."""

    row: Row
    place: str
    below: str
    status: str
    tone: str
    kind: str
    since: str
    started: str
    elapsed: str
    cause: str
    level: str
    crew: str
    crew_status: str
    etr: str
    etr_source: str
    etr_late: bool
    sla: str
    hazard: str


def shown(row: Row, *, now: datetime, units: Mapping[str, str], words: Mapping[tuple[str, str], CodeView]) -> Shown:
    """The row as people read it."""
    device = row.device or row.zone or row.device_code
    kind = label(DEVICE_KIND, row.device_kind) if row.device_kind else ""
    begins = row.planned_from if not row.active and row.planned_from else row.started_at
    ends = row.restored_at or now
    return Shown(
        row=row,
        place=device,
        below=" · ".join(part for part in (row.feeder, units.get(row.unit_code, row.unit_code), kind) if part),
        status=label(STATUS, row.status),
        tone=TONES.get(STATUS_TONE.get(row.status, "grey"), STATUS_TONE.get(row.status, "grey")),
        kind=label(NATURE, row.nature) if row.nature != "unplanned" else label(KIND, row.kind),
        since=begins.isoformat() if row.active and row.restored_at is None else "",
        started=format_when(begins, now=now),
        elapsed=format_duration(ends - begins) if row.active else "",
        cause=_word(words, "fault_cause", row.cause) or row.cause_note,
        level=_word(words, "importance", row.important_level) if row.important else "",
        crew=localized(row.crew, row.crew_en) if row.crew else "",
        crew_status=str(status_label(row.crew_status)) if row.crew_status else "",
        etr=format_when(row.etr_at, now=now) if row.etr_at else "",
        etr_source=label(ETR_SOURCE, row.etr_source) if row.etr_source else "",
        etr_late=row.etr_at is not None and row.etr_at < now and row.restored_at is None,
        sla=_limit(row, now),
        hazard=_word(words, "hazard", row.hazard) if row.hazard not in {"", "none"} else "",
    )


def _word(words: Mapping[tuple[str, str], CodeView], kind: str, code: str) -> str:
    found = words.get((kind, code)) if code else None
    return localized(found.name, found.name_en) if found else code


def _limit(row: Row, now: datetime) -> str:
    """The limit that counts, for a tooltip and for those who see no colour."""
    if row.limit is None:
        return ""
    stage = STAGES.get(row.limit.stage) or stage_label(row.limit.stage)
    return f"{stage} {format_when(row.limit.due_at, now=now)}"
