"""The audit trail: what it notes, and that nobody can change it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from app.kernel import audit, clock, correlation, db
from app.kernel.actor import Actor
from app.kernel.audit import AuditEntry

pytestmark = pytest.mark.databases

REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.InternalError, sa.exc.DatabaseError)


def record(actor: Actor) -> None:
    with correlation.bound("request-12345"):
        audit.record(
            "order.view",
            actor=actor,
            now=clock.now(),
            subject_type="order",
            subject_id=5,
            unit_path="/1/4/",
            details={"why": "复核"},
        )
        db.session.flush()


def test_an_entry_says_who_when_what_and_under_which_request(app: Flask, actor: Actor) -> None:
    db.run(lambda: record(actor))
    entry = db.session.scalars(sa.select(AuditEntry)).one()
    assert (entry.actor, entry.actor_name, entry.actor_kind) == ("tester", "测试员", "user")
    assert (entry.action, entry.subject_type, entry.subject_id, entry.unit_path) == (
        "order.view",
        "order",
        "5",
        "/1/4/",
    )
    assert (entry.at, entry.correlation_id, entry.details) == (clock.now(), "request-12345", {"why": "复核"})


@pytest.mark.parametrize("statement", [sa.update(AuditEntry).values(actor="nobody"), sa.delete(AuditEntry)])
def test_the_database_refuses_changes(app: Flask, actor: Actor, statement: sa.Update | sa.Delete) -> None:
    db.run(lambda: record(actor))
    with pytest.raises(REFUSED, match="append-only"):
        db.run(lambda: db.session.execute(statement))
    assert db.session.scalar(sa.select(AuditEntry.actor)) == "tester"


def test_a_migration_that_creates_the_table_protects_it_too(app: Flask) -> None:
    with db.db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE audit_entry")
        operations = Operations(MigrationContext.configure(connection))
        operations.create_table("audit_entry", sa.Column("id", sa.Integer(), primary_key=True))
        connection.exec_driver_sql("INSERT INTO audit_entry (id) VALUES (1)")
        with pytest.raises(REFUSED, match="append-only"):
            connection.exec_driver_sql("DELETE FROM audit_entry")
        connection.rollback()
