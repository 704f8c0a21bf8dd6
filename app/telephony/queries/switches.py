"""Opening hours and notices as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.calendar import WorkCalendar
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.telephony.models import IvrHours, IvrNotice

State = Literal["open", "closed", "holiday"]


class UnknownSwitch(NotFound):
    """No opening hours or notice of that name."""

    code = "unknown_switch"


@dataclass(frozen=True, slots=True)
class HoursView:
    """Opening hours: `state` is what a caller meets now."""

    name: str
    title: str
    title_en: str
    days: str
    opens: str
    closes: str
    state: State
    forced: str | None
    forced_until: datetime | None
    reason: str
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice: `active` says whether callers hear it now."""

    name: str
    title: str
    title_en: str
    text: str
    text_en: str
    active: bool
    until: datetime | None
    shut: bool
    changed_by: str
    changed_at: datetime | None


def hours_state(name: str, *, now: datetime) -> State:
    """`open`, `closed`, or `holiday` (a day that the working calendar frees). Raises UnknownSwitch."""
    row = session.scalar(sa.select(IvrHours).where(IvrHours.name == name))
    if row is None:
        raise UnknownSwitch(_l("No opening hours are called %(name)s.", name=name))
    return _state(row, now)


def active_notice(name: str, *, now: datetime) -> NoticeView | None:
    """The notice of this name while it is on; None while it is not, or is not known."""
    row = session.scalar(sa.select(IvrNotice).where(IvrNotice.name == name))
    view = _notice(row, now) if row is not None else None
    return view if view is not None and view.active else None


def all_hours(*, now: datetime) -> list[HoursView]:
    """Every opening hours."""
    rows = session.scalars(sa.select(IvrHours).order_by(IvrHours.id))
    return [
        HoursView(
            row.name,
            row.title,
            row.title_en,
            row.days,
            row.opens,
            row.closes,
            _state(row, now),
            row.forced if _is_forced(row, now) else None,
            row.forced_until,
            row.reason,
            row.changed_by,
            row.changed_at,
        )
        for row in rows
    ]


def all_notices(*, now: datetime) -> list[NoticeView]:
    """Every notice."""
    return [_notice(row, now) for row in session.scalars(sa.select(IvrNotice).order_by(IvrNotice.id))]


def names() -> tuple[frozenset[str], frozenset[str]]:
    """Names of opening hours and of notices."""
    hours = frozenset(session.scalars(sa.select(IvrHours.name)))
    return hours, frozenset(session.scalars(sa.select(IvrNotice.name)))


def _is_forced(row: IvrHours, now: datetime) -> bool:
    return row.forced is not None and (row.forced_until is None or now < row.forced_until)


def _state(row: IvrHours, now: datetime) -> State:
    if _is_forced(row, now):
        return "open" if row.forced == "open" else "closed"
    local = now.astimezone(LOCAL)
    if row.days == "working" and not WorkCalendar.load().is_working_day(local.date()):
        return "holiday"
    opens = time.fromisoformat(row.opens)
    before_end = row.closes == "24:00" or local.time() < time.fromisoformat(row.closes)
    return "open" if opens <= local.time() and before_end else "closed"


def _notice(row: IvrNotice, now: datetime) -> NoticeView:
    active = row.on and (row.until is None or now < row.until)
    return NoticeView(
        row.name,
        row.title,
        row.title_en,
        row.text,
        row.text_en,
        active,
        row.until,
        row.shut,
        row.changed_by,
        row.changed_at,
    )
