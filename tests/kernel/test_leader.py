"""Of several clocks one leads, whatever happens to the others and to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import leader
from app.kernel.db import db
from app.kernel.settings import ROOT
from tests.kernel.test_faults import cut_connections, wait_for

pytestmark = pytest.mark.databases


@pytest.fixture
def locks(app: Flask) -> Iterator[list[leader.Lock]]:
    """What two clocks of one installation hold."""
    found = [leader.make_lock(), leader.make_lock()]
    yield found
    for lock in found:
        lock.release()


def test_one_leads_until_it_lets_go(app: Flask, locks: list[leader.Lock]) -> None:
    first, second = locks
    assert leader.who() is None
    assert [first.hold(), second.hold(), first.hold()] == [True, False, True]
    db.session.rollback()  # PostgreSQL shows one state of its connections for a whole transaction
    assert leader.who() == leader.my_name()
    first.release()
    assert [second.hold(), first.hold()] == [True, False]


def test_readiness_and_metrics_show_who_leads(app: Flask, client: FlaskClient, locks: list[leader.Lock]) -> None:
    locks[0].hold()
    db.session.rollback()
    answer = client.get("/metrics").text
    assert f'lightline_clock_leader{{clock="{leader.my_name()}"}} 1.0' in answer
    assert client.get("/readyz").json["checks"]["clock_leader"] == leader.my_name()  # type: ignore[index]
    locks[0].release()
    assert client.get("/readyz").json["checks"]["clock_leader"] is None  # type: ignore[index]


def test_a_lost_connection_is_a_lost_election(app: Flask, database: str, locks: list[leader.Lock]) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file does not go away")
    first, second = locks
    assert [first.hold(), second.hold()] == [True, False]
    db.session.remove()
    cut_connections()
    wait_for(second.hold)  # its own connection was cut too
    assert not first.hold()
    assert not first.hold()
    second.release()
    assert first.hold()


def test_without_its_server_nobody_leads() -> None:
    lock = leader.AdvisoryLock("postgresql://nobody@127.0.0.1:9/nothing")
    assert not lock.hold()
    lock.release()


HOLD = """
import sys, time
from pathlib import Path
from app.kernel import leader
where = sys.argv[1]
lock = leader.AdvisoryLock(where) if where.startswith("postgresql") else leader.FileLock(Path(where))
print(lock.hold(), flush=True)
time.sleep(60)
"""


def test_a_killed_leader_is_followed_within_seconds(app: Flask, database: str, locks: list[leader.Lock]) -> None:
    postgres = database.startswith("postgresql")
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    where = url if postgres else str(leader.lock_file())
    with subprocess.Popen([sys.executable, "-c", HOLD, where], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        assert not locks[0].hold()
        os.kill(other.pid, signal.SIGKILL)
        began = time.monotonic()
        wait_for(locks[0].hold)
        assert time.monotonic() - began < 5


def test_the_lock_is_of_one_database(app: Flask, database: str, tmp_path: Path, locks: list[leader.Lock]) -> None:
    assert locks[0].hold()
    if database.startswith("postgresql"):
        url = db.engine.url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(url) as elsewhere:
            assert elsewhere.execute("select pg_try_advisory_lock(%s)", (leader.LOCK,)).fetchone() == (True,)
    else:
        elsewhere_lock = leader.FileLock(tmp_path / "clock.lock")
        assert elsewhere_lock.hold()
        elsewhere_lock.release()
