"""Scheduled imports: a folder and an address, each file once, the result told to the owner."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.customers.importing import looking, operations, queries
from app.customers.importing.operations import ProfileData, ScheduleData
from app.customers.importing.profiles import Content
from app.customers.models import Customer
from app.kernel import db, jobs
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify.models import Notice
from tests.conftest import START, settings_for
from tests.customers.importing.stage import CUSTOMER_COLUMNS, Stage, table

GOOD = ["0001", "张三", "阳光花园3幢", "GM-A", "8", "2026-03-02"]
TOKEN = "geheim"


class Served(BaseHTTPRequestHandler):
    """An address of a marketing system."""

    content = table(GOOD)
    asked: list[str | None] = []  # noqa: RUF012 - one server a test

    def do_GET(self) -> None:
        Served.asked.append(self.headers.get("Authorization"))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.send_error(401)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_arguments: object) -> None:
        """No news."""


@pytest.fixture
def server() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    Served.asked.clear()
    yield f"127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join(timeout=5)
    served.server_close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "daily").mkdir(parents=True)
    return folder


@pytest.fixture
def app(database: str, clock: FrozenClock, tmp_path: Path, root: Path, server: str) -> Iterator[Flask]:
    settings = settings_for(database, tmp_path / "instance")
    options = {"import_root": root, "outbound_hosts": frozenset({server}), "tokens": {"MARKETING": TOKEN, "OTHER": "x"}}
    application = create_app(replace(settings, **options), clock=clock)  # type: ignore[arg-type]
    with application.app_context():
        yield application
        db.session.remove()
        db.db.engine.dispose()


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage(START)


def plan(stage: Stage, **options: object) -> int:
    data = ProfileData("客户档案", "customers", Content(CUSTOMER_COLUMNS, source="marketing"))
    profile = db.run(lambda: operations.save_profile(data, actor=stage.actor, now=stage.now).id)
    given = {"name": "每日", "kind": "folder", "location": "daily", "every_minutes": 60, "pattern": "*.csv"} | options
    schedule = ScheduleData(profile_id=profile, **given)  # type: ignore[arg-type]
    return db.run(lambda: operations.save_schedule(schedule, actor=stage.actor, now=stage.now).id)


def pass_time(stage: Stage, hours: int = 1) -> None:
    stage.now += timedelta(hours=hours)
    looking.plan_looks(stage.now)
    while jobs.run_due(stage.now, 20):
        pass
    session.expire_all()


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    os.utime(folder / name, (0, 0))


def customers() -> int:
    found = session.scalar(sa.select(sa.func.count()).select_from(Customer)) or 0
    session.rollback()
    return found


@pytest.mark.databases
def test_files_of_a_folder_go_in_once_and_are_put_away(stage: Stage, root: Path) -> None:
    plan(stage)
    put(root / "daily", "a.csv", table(GOOD))
    put(root / "daily", "b.csv", table([*GOOD[:4], "abc", ""]))
    put(root / "daily", "notes.doc", b"x")
    pass_time(stage)
    pass_time(stage)
    assert customers() == 1
    assert sorted(path.name for path in (root / "daily").iterdir()) == ["done", "failed", "notes.doc"]
    assert [path.name for path in (root / "daily/done").iterdir()] == ["a.csv"]
    assert [path.name for path in (root / "daily/failed").iterdir()] == ["b.csv"]
    texts = set(session.scalars(sa.select(Notice.text)))
    assert texts == {"a.csv已导入：新增1条，更新0条，无变化0条。", "b.csv未导入：有1行错误，未写入任何数据。"}


def test_a_file_that_is_still_being_written_waits(stage: Stage, root: Path) -> None:
    plan(stage)
    path = root / "daily/a.csv"
    path.write_bytes(table(GOOD))
    at = (stage.now + timedelta(hours=1)).timestamp()
    os.utime(path, (at, at))
    pass_time(stage)
    assert customers() == 0


def test_a_copy_of_a_file_that_went_in_is_told_and_left(stage: Stage, root: Path) -> None:
    plan(stage)
    put(root / "daily", "a.csv", table(GOOD))
    pass_time(stage)
    put(root / "daily", "copy.csv", table(GOOD))
    pass_time(stage)
    states = [row.state for row in queries.list_imports(actor=stage.actor, now=stage.now).rows]
    assert states == ["cancelled", "done"]


def test_an_address_is_asked_with_its_token_and_taken_once(stage: Stage, server: str) -> None:
    plan(stage, kind="url", location=f"http://{server}/export/customers.csv", token_name="MARKETING")
    pass_time(stage)
    pass_time(stage)
    assert customers() == 1
    assert Served.asked == [f"Bearer {TOKEN}"] * 2
    assert len(queries.list_imports(actor=stage.actor, now=stage.now).rows) == 1


def test_an_address_that_fails_is_noted_and_told_once(stage: Stage, server: str) -> None:
    schedule = plan(stage, kind="url", location=f"http://{server}/x.csv", token_name="OTHER")
    pass_time(stage)
    pass_time(stage)
    view = queries.schedule_view(schedule)
    assert (view.failures, "401" in view.error) == (2, True)
    assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1


def test_a_stopped_schedule_looks_no_more(stage: Stage, root: Path) -> None:
    schedule = plan(stage)
    put(root / "daily", "a.csv", table(GOOD))
    db.run(lambda: operations.set_schedule_active(schedule, active=False, actor=stage.actor, now=stage.now))
    pass_time(stage)
    assert customers() == 0
