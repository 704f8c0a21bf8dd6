"""One pass over an import's file: good records in batches, problems gathered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from app.customers.importing import find, rights
from app.customers.importing.bounds import BOUNDS
from app.customers.importing.models import DataImport
from app.customers.importing.profiles import Plan, open_plan
from app.customers.importing.reading import Table, open_table
from app.customers.importing.targets import Record, Scope, Target, Writer, get
from app.kernel import files

RECORDS_BETWEEN_NEWS = 10_000


class Pass:
    """An import's file opened by its profile, and a writer of its target."""

    def __init__(self, row: DataImport, *, now: datetime) -> None:
        content = find.content_of(row)
        self.target: Target = get(row.target)
        self.table: Table = open_table(files.open_file(row.file_id).path, content.layout)
        self.plan: Plan = open_plan(self.table, self.target, content)
        actor = rights.person(row.created_by_id)
        paths = rights.paths(actor, permission=self.target.permission, now=now)
        scope = Scope(row.id, content.source, tuple(paths), actor, now)
        self.writer: Writer = self.target.writer(scope)
        self._seen: dict[int, int] = {}

    def batches(self) -> Iterator[list[Record]]:
        """Records in the order of the file; rows without a key, and a key's second row, are bad."""
        rows = self.plan.rows()
        while chunk := list(islice(rows, BOUNDS.batch)):
            records = [self.plan.record(row) for row in chunk]
            for record in records:
                self._judge_key(record)
            yield records

    def problems_of(self, record: Record) -> list[dict[str, Any]]:
        """A record's problems as rows of `import_problem`."""
        return [
            {
                "line": record.line,
                "place": self.plan.place(record.line, problem.field),
                "field": problem.field,
                "header": self.plan.header(problem.field)[:100],
                "shown": problem.shown[:200],
                "code": problem.code,
                "params": dict(problem.params),
            }
            for problem in record.problems
        ]

    def _judge_key(self, record: Record) -> None:
        values, troubled = record.values, None
        for name in self.target.key:
            if name not in values:
                troubled = troubled or {problem.field for problem in record.problems}
                if name not in troubled:
                    record.refuse("missing", name)
                troubled.add(name)
        if troubled is not None:
            return
        key = hash(tuple(values[name] for name in self.target.key))  # 64 bits: a million keys in a small dictionary
        first = self._seen.setdefault(key, record.line)
        if first != record.line:
            record.refuse("twice", self.target.key[-1], str(values[self.target.key[-1]]), line=first)
