"""A place to import into: units, code lists, a steward, and a short way through an import."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.customers.importing import operations, queries
from app.customers.importing.profiles import Column, Content
from app.customers.operations.codes import sync_codes
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM, Actor
from tests.identity.factories import make_unit, make_user

CUSTOMER_COLUMNS = (
    Column("number", header="户号"),
    Column("name", header="户名"),
    Column("address", header="用电地址"),
    Column("unit_code", header="供电单位"),
    Column("contract_capacity", header="合同容量(kVA)"),
    Column("opened_on", header="立户日期"),
)
HEADER = [column.header for column in CUSTOMER_COLUMNS]


@dataclass
class Stage:
    """A steward of unit GM (with GM-A below), and another unit XX that is not theirs."""

    now: datetime
    actor: Actor = field(init=False)

    def __post_init__(self) -> None:
        db.run(lambda: sync_codes(actor=SYSTEM, now=self.now))
        unit = make_unit("GM")
        make_unit("GM-A", parent=unit)
        make_unit("XX")
        user = make_user(posts=[("steward", unit)])
        self.actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)

    def upload(self, data: bytes, *, name: str = "a.csv", **options: Any) -> int:
        """Receive a file; returns the import's id."""
        given = {"target": "customers", "content": Content(CUSTOMER_COLUMNS, source="marketing")} | options

        def work() -> int:
            return operations.receive(io.BytesIO(data), name, actor=self.actor, now=self.now, **given).id

        return db.run(work)

    def check(self, import_id: int) -> queries.ImportView:
        """Check it, with the jobs that belong to that."""
        db.run(lambda: operations.begin_check(import_id, actor=self.actor, now=self.now))
        return self.settle(import_id)

    def write(self, import_id: int, *, repetition: bool = False) -> queries.ImportView:
        """Write it."""
        db.run(lambda: operations.begin_writing(import_id, repetition=repetition, actor=self.actor, now=self.now))
        return self.settle(import_id)

    def settle(self, import_id: int) -> queries.ImportView:
        """Run what is due and look at the import."""
        while jobs.run_due(self.now, 20):
            pass
        view = queries.import_view(import_id, actor=self.actor, now=self.now)
        db.session.rollback()
        return view

    def run(self, data: bytes, **options: Any) -> queries.ImportView:
        """Upload, check and write."""
        import_id = self.upload(data, **options)
        view = self.check(import_id)
        return self.write(import_id) if view.state == "checked" else view

    def problems(self, import_id: int) -> list[queries.ProblemView]:
        """What was wrong."""
        found, _after = queries.problems_of(import_id)
        db.session.rollback()
        return found


def table(*rows: list[Any], header: list[str] | None = None) -> bytes:
    """A CSV file of these rows."""
    lines = [header or HEADER, *rows]
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in lines).encode()
