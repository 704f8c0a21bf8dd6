"""Imports in great number: rows a second of reading, checking and writing, and the memory they take.

Seconds are CPU seconds of this process, in which SQLite works too: a busy neighbour on the machine is left out.
Memory is the growth of the process's largest size while it reads: a file is streamed, so that it grows with the
keys of its rows alone (one small number each).
"""

from __future__ import annotations

import io
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.customers.importing import operations, queries
from app.customers.importing.profiles import Column, Content, open_plan
from app.customers.importing.reading import Layout, open_table
from app.customers.importing.targets import get
from app.customers.operations.codes import sync_codes
from app.identity.models import OrgUnit
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from tests.bench.house import NOW, house
from tests.bench.measure import tell

COLUMNS = {
    "number": "户号",
    "name": "户名",
    "address": "用电地址",
    "unit_code": "供电单位",
    "kind": "客户类型",
    "contract_capacity": "合同容量",
    "opened_on": "立户日期",
    "phone": "联系电话",
}


def measure(read_rows: int, write_rows: int) -> None:
    """Print how fast `read_rows` rows of CSV are read, and `write_rows` are checked and written."""
    with tempfile.TemporaryDirectory() as folder, house():
        db.run(lambda: sync_codes(actor=SYSTEM, now=NOW))
        db.run(_unit)
        large = Path(folder) / "large.csv"
        before = _peak()
        _write_csv(large, read_rows)
        taken = _timed(lambda: _read(large))
        tell("imports.read", read_rows / taken, "rows/s")
        tell("imports.read.memory", (_peak() - before) / 1024, "MB")
        path = Path(folder) / "customers.csv"
        _write_csv(path, write_rows)
        import_id = _receive(path)
        tell("imports.check", write_rows / _timed(lambda: _check(import_id)), "rows/s")
        tell("imports.write", write_rows / _timed(lambda: _write(import_id)), "rows/s")
        view = queries.import_view(import_id, actor=SYSTEM, now=NOW)
        if view.created != write_rows:
            raise RuntimeError(f"{view.created} of {write_rows} rows were written: {view.state} {view.error}")
        tell("imports.memory", (_peak() - before) / 1024, "MB")


def _unit() -> None:
    session.add(OrgUnit(code="GM", name="光明供电公司", name_en="GM", kind="city", path="/1/", valid_from=NOW))


def _content() -> Content:
    return Content(tuple(Column(field, header=header) for field, header in COLUMNS.items()), source="bench")


def _write_csv(path: Path, rows: int) -> None:
    """Households as a marketing system exports them, in GB18030."""
    with path.open("w", encoding="gb18030", newline="") as stream:
        stream.write(",".join(COLUMNS.values()) + "\r\n")
        for row in range(rows):
            day = f"{2000 + row % 26}-{row % 12 + 1}-{row % 28 + 1}"
            address = f"临江区中山路{row % 900 + 1}号{row % 20 + 1}幢{row % 4 + 1}单元{row % 30 + 1}01室"
            stream.write(f"33{row:08},用户{row % 5000},{address},GM,居民,{row % 40 + 4},{day},138{row % 10**8:08}\r\n")


def _read(path: Path) -> None:
    table = open_table(path, Layout())
    plan = open_plan(table, get("customers"), _content())
    if any(plan.record(row).problems for row in plan.rows()):
        raise RuntimeError("a row of the benchmark is bad")


def _receive(path: Path) -> int:
    content = io.BytesIO(path.read_bytes())

    def work() -> int:
        made = operations.receive(content, path.name, target="customers", content=_content(), actor=SYSTEM, now=NOW)
        return made.id

    return db.run(work)


def _check(import_id: int) -> None:
    db.run(lambda: operations.begin_check(import_id, actor=SYSTEM, now=NOW))
    jobs.run_due(NOW, 10)


def _write(import_id: int) -> None:
    db.run(lambda: operations.begin_writing(import_id, actor=SYSTEM, now=NOW))
    jobs.run_due(NOW, 10)


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _peak() -> float:
    """The largest size of this process so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
