"""Jobs through Celery and Redis: messages doubled, late and lost, workers that die, a broker that goes away."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from flask import Flask

from app.kernel import clock, jobs
from app.kernel.clock import FrozenClock
from app.kernel.jobs import broker, gauges, handout
from app.kernel.jobs.claims import LEASE, Claim
from app.kernel.jobs.dispatcher import Dispatcher
from app.kernel.registry import JobKind, registry
from app.kernel.settings import MissingSetting, Settings
from tests.kernel.queue import REDIS, fresh_redis, join_broker, take
from tests.kernel.test_faults import wait_for
from tests.kernel.test_jobs import enqueue, leave_mark, marks, row, state

pytestmark = [pytest.mark.databases, pytest.mark.skipif(not REDIS, reason="LIGHTLINE_TEST_REDIS names no server")]


@pytest.fixture
def celery(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Celery:
    """The application with a broker, and a kind of job that leaves a mark."""
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", leave_mark))
    return join_broker(app, fresh_redis())


def deliver(celery: Celery, message: tuple[str, str]) -> None:
    """As a worker that takes the message."""
    celery.tasks[broker.TASK](*message)


def test_a_message_delivered_twice_does_nothing_the_second_time(celery: Celery) -> None:
    job = enqueue("mark")
    assert Dispatcher(celery).fill(clock.now()) == 1
    [message] = take(celery, 5)
    deliver(celery, message)
    deliver(celery, message)
    assert (marks(), state(job), row(job).attempts) == (["1"], "done", 1)


def test_a_message_delivered_twice_at_once_calls_the_outside_once(
    app: Flask, celery: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []
    begun, go_on = threading.Event(), threading.Event()

    def call(*_: Any) -> None:
        calls.append(time.monotonic())
        begun.set()
        go_on.wait(10)

    monkeypatch.setitem(registry.jobs, "slow", JobKind("slow", leave_mark, effect=call))
    enqueue("slow")
    Dispatcher(celery).fill(clock.now())
    [message] = take(celery, 5)
    first = threading.Thread(target=deliver, args=(celery, message))
    first.start()
    assert begun.wait(10)
    deliver(celery, message)
    go_on.set()
    first.join()
    assert (len(calls), marks()) == (1, ["1"])


def test_a_lost_message_is_sent_again_when_the_lease_runs_out(celery: Celery, clock: FrozenClock) -> None:
    job = enqueue("mark")
    dispatcher = Dispatcher(celery)
    dispatcher.fill(clock.now())
    lost = take(celery, 5)
    assert dispatcher.fill(clock.now()) == 0
    clock.advance(LEASE)
    assert dispatcher.fill(clock.now()) == 1
    [found] = take(celery, 5)
    deliver(celery, found)
    deliver(celery, lost[0])  # not lost, only late
    assert (marks(), state(job)) == (["1"], "done")


def test_waiting_in_the_queue_costs_no_attempt(celery: Celery, clock: FrozenClock) -> None:
    job = enqueue("mark")
    dispatcher = Dispatcher(celery)
    for _ in range(10):
        assert dispatcher.fill(clock.now()) == 1
        clock.advance(LEASE)
    assert row(job).attempts == 0
    for message in take(celery, 50):
        deliver(celery, message)
    assert (marks(), state(job), row(job).attempts) == (["1"], "done", 1)


def test_a_message_that_waited_long_counts_while_nobody_else_has_the_job(celery: Celery, clock: FrozenClock) -> None:
    job = enqueue("mark")
    Dispatcher(celery).fill(clock.now())
    clock.advance(LEASE * 5)
    [message] = take(celery, 5)
    deliver(celery, message)
    assert state(job) == "done"


def test_a_full_queue_gets_no_more(celery: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kernel.jobs.dispatcher.QUEUE_LENGTH", 3)
    for n in range(5):
        enqueue("mark", n)
    dispatcher = Dispatcher(celery)
    assert [dispatcher.fill(clock.now()) for _ in range(2)] == [3, 0]
    assert broker.waiting(celery) == gauges.jobs_in_queue() == 3
    assert jobs.count_by_state()["pending"] == 2


def test_a_worker_works_off_what_the_clock_hands_out(celery: Celery) -> None:
    for n in range(20):
        enqueue("mark", n)
    with start_worker(celery, pool="threads", concurrency=3, perform_ping_check=False):
        assert Dispatcher(celery).fill(clock.now()) == 20
        wait_for(lambda: len(marks()) == 20)
    assert sorted(marks(), key=int) == [str(n) for n in range(20)]
    assert jobs.count_by_state()["done"] == 20


def test_a_worker_that_died_is_taken_over(app: Flask, celery: Celery, clock: FrozenClock) -> None:
    job = enqueue("mark")
    Dispatcher(celery).fill(clock.now())
    [(job_id, owner)] = take(celery, 5)
    dead = handout.adopt(Claim(job_id, owner), owner="worker that dies", now=clock.now())
    assert dead is not None
    assert Dispatcher(celery).fill(clock.now()) == 0
    clock.advance(LEASE)
    Dispatcher(celery).fill(clock.now())
    [message] = take(celery, 5)
    deliver(celery, message)
    assert (marks(), state(job), row(job).attempts) == (["1"], "done", 2)


def test_a_job_that_fails_waits_and_is_handed_out_again(
    celery: Celery, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [True]

    def handler(payload: Any, now: datetime) -> None:
        if broken.pop() if broken else False:
            raise ValueError("not yet")
        leave_mark(payload, now)

    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", handler))
    job = enqueue("mark")
    for expected in ("pending", "done"):
        Dispatcher(celery).fill(clock.now())
        for message in take(celery, 5):
            deliver(celery, message)
        assert state(job) == expected
        clock.set(max(row(job).run_at, clock.now()))
    assert (marks(), row(job).attempts) == (["1"], 2)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """A Redis to start (`"start"`, returns its URL) and kill (`"kill"`)."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("there is no redis-server to kill")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    running: list[subprocess.Popen[bytes]] = []

    def do(what: str) -> str:
        if what == "start":
            running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
            wait_for(lambda: _answers(port))
        else:
            end(running.pop())
        return f"redis://127.0.0.1:{port}/0"

    yield do
    for process in running:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_a_broker_cut_off_stops_nothing_for_good(
    app: Flask, own_redis: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", leave_mark))
    celery = join_broker(app, own_redis("start"))
    dispatcher = Dispatcher(celery)
    first = enqueue("mark", 1)
    with start_worker(celery, pool="threads", concurrency=2, perform_ping_check=False):
        dispatcher.fill(clock.now())
        wait_for(lambda: state(first) == "done")
        own_redis("kill")
        second = enqueue("mark", 2)
        assert dispatcher.fill(clock.now()) == 0
        assert (state(second), row(second).attempts) == ("pending", 0)
        own_redis("start")
        wait_for(lambda: dispatcher.fill(clock.now()) == 1)
        wait_for(lambda: state(second) == "done")
    assert marks() == ["1", "2"]


def test_what_could_not_be_sent_is_taken_back(celery: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: Any) -> None:
        raise ConnectionError("cut in the middle")

    job = enqueue("mark")
    monkeypatch.setattr(broker, "send", lose)
    assert Dispatcher(celery).fill(clock.now()) == 0
    assert (state(job), row(job).attempts, row(job).lease_owner) == ("pending", 0, None)
    monkeypatch.undo()
    registry.jobs["mark"] = JobKind("mark", leave_mark)
    try:
        assert Dispatcher(celery).fill(clock.now()) == 1
    finally:
        del registry.jobs["mark"]


def test_a_broker_wants_a_database_that_workers_share(tmp_path: Path) -> None:
    given = {"CELERY_BROKER_URL": "redis://r/0", "LIGHTLINE_INSTANCE": str(tmp_path)}
    with pytest.raises(MissingSetting):
        Settings.from_environment(given)
    found = Settings.from_environment({**given, "DATABASE_URL": "postgresql://h/d"})
    assert (found.celery_broker_url, found.limiter_storage) == ("redis://r/0", "redis://r/0")
    socket_url = "redis+socket:///run/redis.sock?virtual_host=1"
    on_socket = {**given, "DATABASE_URL": "postgresql://h/d", "CELERY_BROKER_URL": socket_url}
    by_socket = Settings.from_environment(on_socket)
    assert by_socket.limiter_storage == "redis+unix:///run/redis.sock"
