"""Counters of topics: raised by commits only, and heard by those who wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import db, live, live_listener

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def _close_listener(app: Flask) -> Iterator[None]:
    yield
    if (listener := app.extensions.pop("lightline.live", None)) is not None:
        listener.close()


def touch(*topics: str) -> None:
    db.run(lambda: live.touch(*topics))


def test_a_commit_raises_the_counter(app: Flask) -> None:
    before = live.versions(["inbox", "order:5"])
    assert before == {"inbox": 0, "order:5": 0}
    touch("inbox")
    assert set(live.changes(["inbox", "order:5"], before)) == {"inbox"}
    seen = live.versions(["inbox"])
    assert live.changes(["inbox"], seen) == {}
    touch("inbox")
    assert live.changes(["inbox"], seen)["inbox"] > seen["inbox"]


def test_a_rollback_raises_nothing_then_or_later(app: Flask) -> None:
    def fail() -> None:
        live.touch("inbox")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        db.run(fail)
    touch("other")
    assert live.versions(["inbox"]) == {"inbox": 0}


def test_a_rolled_back_savepoint_keeps_the_outer_touches(app: Flask) -> None:
    def work() -> None:
        live.touch("inbox")
        with pytest.raises(RuntimeError), db.session.begin_nested():
            raise RuntimeError("only this part")

    db.run(work)
    assert live.versions(["inbox"])["inbox"] > 0


def test_many_touches_cost_one_statement(app: Flask) -> None:
    statements: list[str] = []
    sa.event.listen(db.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    db.run(lambda: [live.touch(f"order:{n % 3}", "inbox") for n in range(20)])
    assert len([text for text in statements if "live_topic" in text]) == 1


def test_waiting_ends_at_a_change(app: Flask) -> None:
    touch("inbox")
    since = live.versions(["inbox"])

    def later() -> None:
        time.sleep(0.1)
        with app.app_context():
            touch("inbox")

    thread = threading.Thread(target=later)
    thread.start()
    found = live_listener.wait(["inbox", "other"], since, timeout=10)
    thread.join()
    assert found["inbox"] > since["inbox"]


def test_waiting_ends_when_the_time_is_over(app: Flask) -> None:
    touch("other")
    assert live_listener.wait(["inbox"], {}, timeout=0.05) == {}


def test_a_change_before_the_wait_is_told_at_once(app: Flask) -> None:
    touch("inbox")
    began = time.monotonic()
    assert "inbox" in live_listener.wait(["inbox"], {}, timeout=10)
    assert time.monotonic() - began < 1


def test_old_topics_are_forgotten_and_go_on_rising(app: Flask) -> None:
    touch("inbox")
    seen = live.versions(["inbox"])
    assert db.run(lambda: live.clean(seen["inbox"] + 1)) == 1
    time.sleep(0.002)
    touch("inbox")
    assert live.versions(["inbox"])["inbox"] > seen["inbox"]
