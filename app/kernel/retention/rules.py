"""The days in force, and changing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.retention import kinds
from app.kernel.retention.models import RetentionRule
from app.kernel.retention.plan import Plan

MOST_DAYS = 36_500
"""A century: what shall stay longer stays for ever."""


class InvalidRule(Invalid):
    code = "invalid_retention_rule"


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that differs from the standard."""

    kind: str
    process_key: str
    days: int | None
    changed_at: datetime
    changed_by: str


def rules() -> list[RuleView]:
    """All of them, by kind and process."""
    rows = session.scalars(sa.select(RetentionRule).order_by(RetentionRule.kind, RetentionRule.process_key))
    return [RuleView(row.kind, row.process_key, row.days, row.changed_at, row.changed_by) for row in rows]


def plan_of(kind: kinds.Kind, now: datetime) -> Plan:
    """What is over of a kind at this instant."""
    own = {rule.process_key: rule.days for rule in rules() if rule.kind == kind.name}
    general = own.pop("", kind.days())
    return Plan(now, general, own)


def set_rule(
    kind_name: str, *, process_key: str = "", days: int | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Keep a kind so many days (None: for ever), of one process or ("") of all others. Raises `InvalidRule`."""
    kind = _known(kind_name)
    if process_key and not kind.by_process:
        raise InvalidRule(_l("These records belong to no process."), errors={"process_key": [kind_name]})
    if days is not None and not 1 <= days <= MOST_DAYS:
        message = _l("Give between 1 and %(most)d days, or none to keep them for ever.", most=MOST_DAYS)
        raise InvalidRule(message, errors={"days": [str(message)]})
    row = session.get(RetentionRule, (kind_name, process_key))
    before = row.days if row is not None else kind.days() if not process_key else None
    if row is None:
        row = RetentionRule(kind=kind_name, process_key=process_key)
        session.add(row)
    row.days, row.changed_at, row.changed_by = days, now, actor.ref
    _note("retention.set", kind_name, process_key, {"from": before, "to": days, "reason": reason}, actor=actor, now=now)


def drop_rule(kind_name: str, *, process_key: str = "", reason: str, actor: Actor, now: datetime) -> None:
    """Return to the standard. Raises `InvalidRule`."""
    _known(kind_name)
    row = session.get(RetentionRule, (kind_name, process_key))
    if row is not None:
        session.delete(row)
        details: dict[str, object] = {"from": row.days, "reason": reason}
        _note("retention.drop", kind_name, process_key, details, actor=actor, now=now)


def _known(kind_name: str) -> kinds.Kind:
    try:
        return kinds.get(kind_name)
    except kinds.UnknownKind:
        message = _l("There is no kind of records %(kind)s.", kind=kind_name)
        raise InvalidRule(message, errors={"kind": [kind_name]}) from None


def _note(
    action: str, kind_name: str, process_key: str, details: dict[str, object], *, actor: Actor, now: datetime
) -> None:
    if process_key:
        details = {"process": process_key, **details}
    audit.record(action, actor=actor, now=now, subject_type="retention", subject_id=kind_name, details=details)
