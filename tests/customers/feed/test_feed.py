"""The outgoing feed: in order, without gaps, signed and at least once when it is pushed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.customers.feed import operations, placing, pushing, queries
from app.customers.feed.limits import LIMITS
from app.customers.models import Customer, CustomerChange, Premises
from app.customers.outbound import BadAddress
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.conftest import START, settings_for

SECRET = "geheim"


class Receiver(BaseHTTPRequestHandler):
    """A subscriber that fails as often as it is told."""

    got: list[tuple[dict[str, str], bytes]] = []  # noqa: RUF012 - one server a test
    failing = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if Receiver.failing:
            Receiver.failing -= 1
            self.send_error(503)
            return
        Receiver.got.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """No news."""


@pytest.fixture
def receiver() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    Receiver.got.clear()
    Receiver.failing = 0
    yield f"127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join(timeout=5)
    served.server_close()


@pytest.fixture
def app(database: str, clock: FrozenClock, tmp_path: Path, receiver: str) -> Iterator[Flask]:
    settings = replace(
        settings_for(database, tmp_path / "instance"), outbound_hosts=frozenset({receiver}), tokens={"SIGN": SECRET}
    )
    application = create_app(settings, clock=clock)
    with application.app_context():
        yield application
        db.session.remove()
        db.db.engine.dispose()


def customer(number: str, path: str = "/1/") -> int:
    def make() -> int:
        place = Premises(address="x", unit_code="A", unit_path=path)
        session.add(place)
        session.flush()
        row = Customer(
            number=number,
            name="x",
            premises_id=place.id,
            unit_code="A",
            unit_path=path,
            created_at=START,
            updated_at=START,
        )
        session.add(row)
        session.flush()
        return row.id

    return db.run(make)


def changed(customer_id: int, count: int = 1, subject: str = "customer") -> None:
    def make() -> None:
        for number in range(count):
            session.add(row_of(customer_id, number, subject))

    db.run(make)


def row_of(customer_id: int, number: int, subject: str = "customer") -> CustomerChange:
    return CustomerChange(
        customer_id=customer_id,
        at=START,
        by="t",
        subject=subject,
        subject_key=str(number),
        act="changed",
        fields={"name": ["a", "b"]},
    )


def keys(after: int = 0, **options: Any) -> list[str]:
    placing.place_all()
    page = queries.read(after=after, paths=("/",), **options)
    session.rollback()
    return [change.key for change in page.changes]


@pytest.mark.databases
def test_changes_are_read_in_order_page_by_page(app: Flask) -> None:
    changed(customer("1"), 7)
    placing.place_all()
    seen, after, more = [], 0, True
    while more:
        page = queries.read(after=after, limit=3, paths=("/",))
        seen += [change.key for change in page.changes]
        after, more = page.next, page.more
    assert seen == [str(number) for number in range(7)]
    assert after == page.last == 7
    assert page.changes[0].fields == ["name"]


@pytest.mark.databases
def test_a_change_committed_late_is_not_passed_over(app: Flask, database: str) -> None:
    """A draws its number first and commits last; who has read B by then still gets A."""
    if not database.startswith("postgresql"):
        pytest.skip("SQLite has one writer at a time")
    row = customer("1")
    with db.db.engine.connect() as late:
        values = {"customer_id": row, "at": START, "by": "t", "by_name": "", "source": "", "subject": "customer"}
        insert = sa.insert(db.table(CustomerChange))
        late.execute(insert.values(**values, subject_key="late", act="changed", fields={}))
        changed(row)
        assert keys() == ["0"]
        late.commit()
    assert keys(after=1) == ["late"]
    assert keys() == ["0", "late"]


@pytest.mark.databases
def test_two_that_place_at_once_give_no_place_twice(app: Flask) -> None:
    changed(customer("1"), 40)
    threads = [threading.Thread(target=_place, args=(app,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    places = sorted(session.scalars(sa.select(CustomerChange.position)))
    assert places == list(range(1, 41))


def _place(app: Flask) -> None:
    with app.app_context():
        placing.place_all()
        db.session.remove()


def test_a_reader_sees_its_own_units_and_goes_on_all_the_same(app: Flask) -> None:
    changed(customer("1", "/1/"))
    changed(customer("2", "/2/"))
    placing.place_all()
    page = queries.read(after=0, paths=("/2/",))
    assert [change.customer for change in page.changes] == ["2"]
    assert queries.read(after=0, paths=()).next == 2


def test_what_is_older_than_the_retention_is_gone_and_says_so(app: Flask) -> None:
    changed(customer("1"), 3)
    placing.place_all()
    later = START + timedelta(days=LIMITS.retention_days + 1)
    assert db.run(lambda: placing.forget_old(later)) == 3
    with pytest.raises(queries.FeedForgotten) as gone:
        queries.read(after=0, paths=("/",))
    assert gone.value.details["first"] == 4
    assert queries.read(after=3, paths=("/",)).changes == []


@pytest.mark.databases
def test_a_push_is_signed_repeated_until_taken_and_never_skips(app: Flask, receiver: str) -> None:
    options = {"secret_name": "SIGN", "actor": SYSTEM, "now": START}
    db.run(lambda: operations.subscribe("marketing", f"http://{receiver}/changes", **options))
    changed(customer("1"), 3)
    Receiver.failing = 2
    now = START
    for _ in range(6):
        pushing.place_and_plan(now)
        while jobs.run_due(now, 20):
            pass
        now += timedelta(seconds=LIMITS.first_wait_s * 2)
    assert len(Receiver.got) == 1
    headers, body = Receiver.got[0]
    assert [change["key"] for change in json.loads(body)["changes"]] == ["0", "1", "2"]
    signed = pushing.signature(SECRET, headers["Lightline-Timestamp"], body)
    assert headers["Lightline-Signature"] == f"sha256={signed}"
    assert headers["Idempotency-Key"] == "marketing:0:3"
    row = queries.subscribers()[0]
    assert (row.position, row.failures, row.error) == (3, 0, "")


def test_only_named_hosts_and_secrets_may_be_used(app: Flask, receiver: str) -> None:
    for url, secret in (
        ("http://169.254.169.254/", "SIGN"),
        (f"http://{receiver}/", "SECRET_KEY"),
        ("file:///x", "SIGN"),
    ):
        with pytest.raises(BadAddress):
            operations.subscribe("x", url, secret_name=secret, actor=SYSTEM, now=START)
