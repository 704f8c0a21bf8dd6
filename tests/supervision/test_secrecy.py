"""A person who asked for secrecy is not shown by the pages of supervision either, to the unit complained of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.notify.models import Notice
from app.supervision.labels import MEASURE
from app.supervision.operations import alerts, monthly, supervising
from app.supervision.operations.supervising import Request
from app.supervision.operations.words import sync_words
from app.web import pdf
from tests.identity.factories import make_user, sign_in
from tests.supervision.counted import settle
from tests.workorders.house import House, build
from tests.workorders.test_secrecy import ADDRESS, NAME, POSTS, SPOKEN, done_tasks, story, told

PAGES = (
    "", "/orders", "/indicators", "/alerts", "/alerts?done=1", "/cases", "/cases?closed=1", "/sheets",
    *(f"/orders?which={which}&line=all" for which in MEASURE),
)  # fmt: skip
ANSWER = {"cause": f"{NAME}（{SPOKEN}）反映属实", "measures": f"已到{ADDRESS}道歉"}


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    built = build(clock, "complaint", "supervision_order")
    db.run(lambda: sync_words(actor=SYSTEM, now=clock.now()))
    return built


@pytest.fixture
def supervised(house: House) -> tuple[str, str]:
    """The number of a secret complaint and of the supervision of it, in which everybody names the person."""
    number = story(house, demand=f"{NAME}要求道歉，电话{SPOKEN}")
    asked = Request(reason="overdue", grade="urgent", text=f"请答复{NAME}，{SPOKEN}，{ADDRESS}")
    house.people["line"] = make_user("line1", posts=[("dept_marketing", house.units["GM"])], name="营销部监管")
    case: str = house.do(lambda **acting: supervising.supervise(number, asked, **acting).number, by="line")
    house.complete(case, "answer", "head", timedelta(hours=1), **ANSWER)
    house.complete(case, "evaluate", "line", verdict="again", verdict_note=f"请再次联系{NAME}")
    house.clock.set(house.now + timedelta(days=3))
    settle(house.now)
    db.run(lambda: alerts.judge_orders(house.now))
    return number, case


def addresses(house: House, number: str, case: str) -> list[str]:
    """Every page of supervision, the order's, and those of the supervision's tasks and cases."""
    tasks = [task.id for task in house.tasks(case).values()] + done_tasks(case)
    instances = [view.id for view in engine.list_instances(business_key=case)]
    found = [f"/supervision{page}" for page in PAGES] + [f"/orders/{number}"]
    found += [f"/tasks/{task}{page}" for task in tasks for page in ("", "/timeline", "/files", "/diagram.json")]
    return found + [f"/control/instances/{instance}" for instance in instances]


def test_the_pages_of_supervision_do_not_tell_who_it_was(
    house: House, client: FlaskClient, supervised: tuple[str, str], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(pdf, "from_html", str.encode)
    number, case = supervised
    unit = house.units["GM-LJ-QS"]
    posts = (*POSTS, "dept_marketing", "dept_operation")
    sign_in(client, make_user("insider", posts=[(post, unit) for post in posts], name="内部人"))
    opened = named = 0
    for path in addresses(house, number, case):
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), path
        opened += answer.status_code == 200
        text = answer.get_data().decode("utf-8", "replace")
        named += number in text
        assert not told(text), path
    assert opened >= len(PAGES) + 1
    assert named >= 5, "the complaint stands in these pages, without the person"
    assert not told(caplog.text)


def test_the_monthly_sheet_and_the_notices_do_not_tell_either(
    house: House, supervised: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = pdf.from_html
    monkeypatch.setattr(pdf, "from_html", lambda html: (drawn.append(html), draw(html))[1])
    monthly.make_all(date(2026, 3, 1), now=house.now)
    assert len(drawn) >= 2, "in both languages"
    assert not told("".join([*drawn, *session.scalars(sa.select(Notice.text))]))
