"""What other packages see of migrations: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.engine.migration.judgement import Finding


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to one instance: `verdict` is `safe`, `confirm` or `refused`."""

    instance_id: str
    business_key: str | None
    title: str
    verdict: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MigrationView:
    """One migration; `counts` says how many instances are in which state."""

    id: str
    process_key: str
    source_id: str
    target_id: str
    source_version: int
    target_version: int
    mapping: dict[str, str]
    confirmed: bool
    reason: str
    state: str
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """One instance of a migration: `state` is `pending`, `moved`, `refused` or `reverted`."""

    instance_id: str
    business_key: str | None
    title: str
    state: str
    findings: tuple[Finding, ...]
    can_revert: bool
    done_at: datetime | None
