"""The audit trail: who did or saw what, when. Entries are added and never changed.

The database itself refuses UPDATE and DELETE (a trigger on SQLite and on PostgreSQL), so
that no bug and no clever request can rewrite history. Reading pages live elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import correlation
from app.kernel.actor import Actor
from app.kernel.db import Base, session


class AuditEntry(Base):
    """One act: `actor` is the sign-in name at the time, `unit_path` scopes who may read the entry."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),
        sa.Index("ix_audit_entry_actor_at", "actor", "at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(sa.String(10))
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(100))
    actor_name: Mapped[str] = mapped_column(sa.String(100))
    action: Mapped[str] = mapped_column(sa.String(100), index=True)
    subject_type: Mapped[str] = mapped_column(sa.String(50))
    subject_id: Mapped[str] = mapped_column(sa.String(64))
    unit_path: Mapped[str | None] = mapped_column(sa.String(250), index=True)
    correlation_id: Mapped[str | None] = mapped_column(sa.String(64))
    details: Mapped[dict[str, Any]]


def record(
    action: str,
    *,
    actor: Actor,
    now: datetime,
    subject_type: str,
    subject_id: object,
    unit_path: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note in the caller's transaction that `actor` did `action` to a subject; `details` must be JSON-able.

    Never put passwords, tokens or whole customer records into `details`: name what
    changed, from what, to what.
    """
    session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor=actor.ref,
            actor_name=actor.name,
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            unit_path=unit_path,
            correlation_id=correlation.current(),
            details=dict(details or {}),
        )
    )


_SQLITE = """CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""

_POSTGRES = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()"""


def _protect(target: sa.Table, connection: Connection, **_: Any) -> None:
    """Add the triggers after any creation of the table: by metadata or by a migration, which builds its own Table."""
    if target.name != AuditEntry.__tablename__:
        return
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(_SQLITE.format(verb=verb))
    else:
        connection.exec_driver_sql(_POSTGRES)


event.listen(sa.Table, "after_create", _protect)
