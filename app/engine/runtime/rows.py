"""Rows of instances and incidents as plain values."""

from __future__ import annotations

from app.engine.runtime.models import Incident, Instance
from app.engine.runtime.views import IncidentView, InstanceView

ENDED = frozenset({"completed", "failed", "terminated"})
"""The statuses from which nothing leads back."""


def instance_view(row: Instance) -> InstanceView:
    return InstanceView(
        id=row.id,
        definition_id=row.definition_id,
        process_key=row.process_key,
        business_key=row.business_key,
        title=row.title,
        title_en=row.title_en,
        unit_code=row.unit_code,
        unit_path=row.unit_path,
        priority=row.priority,
        status=row.status,
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        end_element=row.end_element,
        parent_id=row.parent_id,
    )


def incident_view(row: Incident) -> IncidentView:
    return IncidentView(
        id=row.id,
        instance_id=row.instance_id,
        process_key=row.process_key,
        business_key=row.business_key,
        unit_path=row.unit_path,
        element_id=row.element_id,
        kind=row.kind,
        message=row.message,
        trace=row.trace,
        attempts=row.attempts,
        state=row.state,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        resolution=row.resolution,
    )
