"""One outage as people and programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.outages.called import Called
from app.outages.models import OVER, Outage
from app.outages.operations.find import OutageNotFound
from app.outages.rights import READ


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageView(Called):
    """The columns of `outage` that readers see, by the same names."""

    id: int
    number: str
    revision: int
    nature: str
    kind: str
    status: str
    locked: bool
    device_code: str
    device_name: str
    device_name_en: str
    device_kind: str
    feeder_code: str
    feeder_name: str
    feeder_name_en: str
    substation_code: str
    zone: str
    unit_code: str
    unit_path: str
    parent_id: int | None
    joined_into_id: int | None
    storm_id: int | None
    started_at: datetime
    detected_at: datetime
    confirmed_at: datetime | None
    restored_at: datetime | None
    closed_at: datetime | None
    planned_from: datetime | None
    planned_to: datetime | None
    customers_total: int
    customers_out: int
    customers_restored: int
    calls: int
    important: int
    important_level: str
    cause: str
    cause_note: str
    weather: str
    hazard: str
    priority: int
    etr_at: datetime | None
    etr_source: str
    crew_id: int | None
    main_order_id: int | None
    instance_id: str | None
    callbacks_pending: int
    why: Mapping[str, Any]

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.status not in OVER

    @property
    def is_service(self) -> bool:
        """Whether it is one customer's, and not a device's or zone's."""
        return self.kind.endswith("_service")


_NAMES = tuple(each.name for each in fields(OutageView))


def view_of(outage: Outage) -> OutageView:
    """The plain values of a row."""
    return OutageView(**{name: getattr(outage, name) for name in _NAMES})


def outage_view(number: str, *, actor: Actor, now: datetime) -> OutageView:
    """The outage of this number; raises `OutageNotFound`, `Forbidden` (no right `outage.read` there)."""
    outage = session.scalar(sa.select(Outage).where(Outage.number == number.strip()))
    if outage is None:
        raise OutageNotFound(_l("There is no outage %(number)s.", number=number))
    authority.require(actor, READ, unit_path=outage.unit_path, now=now)
    return view_of(outage)
