"""What a customer wishes: personal settings and notes, as plain values for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

import sqlalchemy as sa

from app.customers.models import CustomerNote, CustomerSetting
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class SettingView:
    """A customer without a row has the standard: revision 0."""

    language: str = "zh"
    channels: Sequence[str] = field(default_factory=list)
    quiet_from: time | None = None
    quiet_to: time | None = None
    preferred_contact_id: int | None = None
    paper_bill: bool = False
    do_not_call: bool = False
    wishes: str = ""
    revision: int = 0
    updated_at: datetime | None = None
    updated_by: str = ""


@dataclass(frozen=True, slots=True)
class NoteView:
    kind: str
    text: str
    by: str
    by_name: str
    at: datetime


def setting_of(customer_id: int) -> SettingView:
    """The customer's settings, the standard where they have none."""
    return setting_view(session.get(CustomerSetting, customer_id))


def setting_view(row: CustomerSetting | None) -> SettingView:
    """The plain values of a row, of none the standard."""
    if row is None:
        return SettingView()
    return SettingView(
        language=row.language,
        channels=list(row.channels),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        preferred_contact_id=row.preferred_contact_id,
        paper_bill=row.paper_bill,
        do_not_call=row.do_not_call,
        wishes=row.wishes,
        revision=row.revision,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )


def notes_of(customer_id: int, *, kind: str = "", limit: int = 20) -> list[NoteView]:
    """Notes and wishes, newest first."""
    query = sa.select(CustomerNote).where(CustomerNote.customer_id == customer_id)
    if kind:
        query = query.where(CustomerNote.kind == kind)
    rows = session.scalars(query.order_by(CustomerNote.id.desc()).limit(limit))
    return [NoteView(row.kind, row.text, row.by, row.by_name, row.at) for row in rows]
