"""Customers in great number: how fast they are loaded, and how fast one is found by whatever is typed.

On PostgreSQL where `LIGHTLINE_TEST_POSTGRES` names a server (a database of its own, dropped in the
end), else on SQLite. Milliseconds are those of the clock on the wall, since the database works elsewhere:
of each question the best of three (a busy neighbour on the machine is left out), of all the 95th of a hundred.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.billing.fictive import add_bills
from app.customers import phones
from app.customers.fictive.household import Household, household
from app.customers.fictive.loading import Loaded
from app.customers.fictive.loading import load as load_fictive
from app.customers.fictive.words import words
from app.customers.queries.find import by_phone
from app.customers.queries.search import search
from app.identity import demo as organisation
from app.identity import queries as people
from app.kernel import db
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.settings import Settings
from tests.bench.house import NOW
from tests.bench.measure import tell
from tests.identity.factories import make_user, sign_in

QUESTIONS = 100
TRIES = 3
SEARCH_BUDGET_MS = 50.0
CALLER_BUDGET_MS = 20.0
FULL = 1_000_000
MONTHS = 24
FEW_MONTHS = 2
PAGES = 30
OK = 200


def measure(count: int, months: int | None = None) -> None:
    """Print the rate of loading `count` customers, and the time of each kind of search among them."""
    with _house() as app:
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        loaded = _load(count, months or (MONTHS if count >= FULL else FEW_MONTHS))
        tell("customers.load", loaded.customers / loaded.seconds, "customers/s")
        tell("customers.load.rows", _rows() / loaded.seconds, "rows/s")
        tell("customers.size", _size(url), "bytes a customer") if "postgresql" in url else None
        for kind, question in _questions(count).items():
            tell(f"customers.search.{kind}", _p95(question), "ms", against=SEARCH_BUDGET_MS)
        tell("customers.by_phone", _p95(_callers(count)), "ms", against=CALLER_BUDGET_MS)


def measure_page(few: int, many: int) -> None:
    """Print the CPU of a customer's page (its first answer) among few and among many customers, and their ratio."""
    taken = [_page_ms(count) for count in (few, many)]
    tell("customers.page.few", taken[0], "CPU ms")
    tell("customers.page", taken[1], "CPU ms")
    tell("customers.page.ratio", taken[1] / taken[0], "many : few")


def _page_ms(count: int) -> float:
    """Median CPU milliseconds of this process for the first answer of the page, by an agent who looked before."""
    with _house() as app:
        _load(count, FEW_MONTHS)
        client = app.test_client()
        sign_in(client, make_user(posts=[("agent", people.unit_by_code("GM", at=NOW))]))
        addresses = [f"/customers/{_home(count, i).number}" for i in range(PAGES)]
        for address in addresses:
            assert client.get(address).status_code == OK
        taken = []
        for address in addresses:
            begun = time.process_time()
            client.get(address)
            taken.append((time.process_time() - begun) * 1e3)
    return sorted(taken)[PAGES // 2]


Question = Callable[[int], object]


def _questions(count: int) -> dict[str, Question]:
    """By kind: the `i`th question of that kind."""
    find = partial(search, paths=["/"])
    content, home, paths = words(), partial(_home, count), _paths()
    return {
        "number": lambda i: find(home(i).number),
        "number_beginning": lambda i: find(home(i).number[:7]),
        "meter": lambda i: find(home(i).meter),
        "phone": lambda i: find(phones.national(home(i).people[0].phone)),
        "phone_end": lambda i: find(home(i).people[0].phone[-4:]),
        "name": lambda i: find(home(i).name),
        "surname": lambda i: find(content["surnames"][i % 40]),
        "address": lambda i: find(home(i).address),
        "address_part": lambda i: find(home(i).address[9:]),
        "road": lambda i: find(content["roads"][i % 20]),
        "community": lambda i: find(content["community_first"][i % 40] + content["community_last"][i % 10]),
        "home_in_community": lambda i: find(f"{content['community_first'][i % 40]}花园{i % 30 + 1}幢"),
        "city": lambda i: find(("临江市", "云山市", "青山县", "滨湖区")[i % 4]),
        "name_and_road": lambda i: find(f"{home(i).name[0]}伟 {content['roads'][i % 20]}"),
        "nobody": lambda i: find(f"无此人{i}"),
        "in_one_unit": lambda i: search(home(i).name, paths=[paths[i % 8]]),
        "road_in_one_unit": lambda i: search(content["roads"][i % 20], paths=[paths[i % 8]]),
    }


def _callers(count: int) -> Question:
    return lambda i: by_phone(_home(count, i).people[0].phone)


def _home(count: int, i: int) -> Household:
    """A customer somewhere among all."""
    codes = list(words()["places"])
    n = Random(i).randrange(100, count)
    return household(n, codes[n % len(codes)], per_segment=500)


def _paths() -> list[str]:
    units = [people.unit_by_code(code, at=NOW) for code in words()["places"]]
    return [unit.path for unit in units if unit]


def _p95(question: Question) -> float:
    """Milliseconds within which ninety-five of a hundred different questions are answered."""
    return sorted(_best(question, i) for i in range(QUESTIONS))[int(QUESTIONS * 0.95) - 1]


def _best(question: Question, i: int) -> float:
    """Milliseconds of the `i`th question: the best of three."""
    taken = []
    for _ in range(TRIES):
        session.rollback()
        begun = time.perf_counter()
        question(i)
        taken.append((time.perf_counter() - begun) * 1e3)
    return min(taken)


def _load(count: int, months: int) -> Loaded:
    db.run(lambda: organisation.load("correct-horse-7"))
    units = [unit for code in words()["places"] if (unit := people.unit_by_code(code, at=NOW))]
    session.rollback()
    loaded = load_fictive(count, units, now=NOW, months=months, follow=[add_bills])
    session.execute(sa.text("ANALYZE"))
    session.commit()
    return loaded


def _rows() -> int:
    names = ("customer", "premises", "contact", "meter", "reading", "bill", "search_customer")
    return sum(session.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0 for name in names)


def _size(url: str) -> float:
    name = sa.make_url(url).database
    size = session.scalar(sa.select(sa.func.pg_database_size(name))) or 0
    return size / (session.scalar(sa.text("SELECT count(*) FROM customer")) or 1)


@contextmanager
def _house() -> Iterator[Flask]:
    """An application on an empty database, on PostgreSQL where there is one."""
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as url:
        settings = Settings(
            environment="test", instance=Path(folder), database_url=url, secret_key="bench", password_salt="bench"
        )
        app = create_app(settings, clock=FrozenClock(NOW))
        logging.disable(logging.INFO)
        with app.app_context():
            db.db.create_all()
            yield app
            db.db.session.remove()
            db.db.engine.dispose()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    given = os.environ.get("LIGHTLINE_TEST_POSTGRES", "")
    if not given:
        yield f"sqlite:///{folder}/bench.db"
        return
    server = sa.make_url(given).set(drivername="postgresql+psycopg")
    name = f"lightline_bench_{os.getpid()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.dispose()
