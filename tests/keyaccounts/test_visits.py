"""Visits: planned by the table, made by the manager, hazards followed up, reviewed by the head."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.customers.models import CustomerNote
from app.kernel import db
from app.kernel.db import session
from app.keyaccounts import operations
from app.keyaccounts.models import AccountVisit, VisitHazard
from app.keyaccounts.operations.planning import VisitOver, due_days
from app.keyaccounts.queries.accounts import find_account
from app.keyaccounts.queries.alerts import alerts_of
from app.notify.models import Notice
from tests.customers.accounts import make_customer
from tests.identity.factories import make_unit
from tests.keyaccounts.house import NUMBER, RECORD, House


def visits() -> list[AccountVisit]:
    session.rollback()
    return list(session.scalars(sa.select(AccountVisit).order_by(AccountVisit.due_on, AccountVisit.id)))


def beside_the_plan(house: House, days: int = 10) -> str:
    due = house.now.date() + timedelta(days=days)
    return house.do(operations.plan_visit, NUMBER, due=due, purpose="迎峰度夏检查")


@given(year=st.integers(2000, 2099), count=st.integers(0, 20))
def test_visits_are_spread_evenly_over_the_year(year: int, count: int) -> None:
    days = due_days(year, count)
    assert len(days) == min(count, 12)
    assert days == sorted(set(days))
    assert not days or days[-1] == date(year, 12, 31)
    months = [0, *(day.month for day in days)]
    gaps = {after - before for before, after in pairwise(months)}
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_the_plan_follows_the_grade_and_is_made_once(house: House) -> None:
    house.account(grade="casualties")
    assert house.do(operations.plan_year, NUMBER, 2026) == 4
    assert house.do(operations.plan_year, NUMBER, 2026) == 0
    assert [(visit.due_on, visit.begin_on) for visit in visits()][:2] == [
        (date(2026, 3, 31), date(2026, 3, 2)),
        (date(2026, 6, 30), date(2026, 5, 31)),
    ]


def test_the_clock_plans_and_begins_what_is_due(house: House) -> None:
    house.account(grade="casualties")
    assert db.run(lambda: operations.plan_due(house.now)) == 4
    assert db.run(lambda: operations.plan_due(house.now)) == 0
    assert db.run(lambda: operations.begin_due(house.now)) == 1
    assert db.run(lambda: operations.begin_due(house.now)) == 0
    first = visits()[0]
    task = house.tasks(first.number)["visit"]
    assert (first.state, task.assignee_id) == ("open", house.manager.id)
    house.clock.advance(timedelta(days=95))
    assert db.run(lambda: operations.begin_due(house.now)) == 1


def test_a_visit_from_task_to_archive(house: House) -> None:
    house.account()
    number = beside_the_plan(house)
    hazards = [{"hazard_text": "配电室漏水", "hazard_severity": "serious"}]
    house.complete(number, "visit", **RECORD | {"hazard_list": hazards})
    hazard = session.scalars(sa.select(VisitHazard)).one()
    assert (hazard.due_on, visits()[0].state) == (date(2026, 3, 5), "following")
    house.complete(number, "follow_up", hazard_result="not_done", hazard_note="等备件")
    assert not house.tasks(number)
    house.advance(timedelta(days=3, minutes=1))
    house.complete(number, "follow_up", hazard_result="done", hazard_note="已修复")
    house.complete(number, "review_visit", by=house.head, review_action="accept")
    [visit] = visits()
    assert (visit.state, visit.met, visit.reviewed_by) == ("closed", "陈工", "head1")
    assert session.scalars(sa.select(VisitHazard)).one().state == "remedied"
    wish = session.scalars(sa.select(CustomerNote)).one()
    assert (wish.kind, wish.text) == ("wish", "希望提前告知检修计划")


def test_sent_back_the_record_is_replaced_with_its_hazards(house: House) -> None:
    house.account()
    number = beside_the_plan(house)
    hazards = [{"hazard_text": "漏水", "hazard_severity": "general"}]
    house.complete(number, "visit", **RECORD | {"hazard_list": hazards})
    house.complete(number, "follow_up", hazard_result="refused", hazard_note="书面告知")
    house.complete(number, "review_visit", by=house.head, review_action="return", review_note="补照片")
    assert visits()[0].state == "open"
    house.complete(number, "visit", **RECORD | {"findings": "已补充"})
    house.complete(number, "review_visit", by=house.head, review_action="accept")
    assert visits()[0].findings == "已补充"


def test_put_off_and_overdue(house: House) -> None:
    house.account()
    number = beside_the_plan(house, days=2)
    house.complete(number, "visit", visit_result="postponed", new_due="2026-03-12")
    assert (visits()[0].due_on, visits()[0].postponed) == (date(2026, 3, 12), 1)
    house.advance(timedelta(days=12))
    view = find_account(NUMBER, on=house.now.date())
    assert view is not None
    assert [alert.measure for alert in alerts_of([view], now=house.now)[view.id]] == ["visit_overdue_days"]
    notices = session.scalars(sa.select(Notice)).all()
    assert [(notice.user_id, notice.link) for notice in notices] == [(house.head.id, f"/key-accounts/{NUMBER}")]


def test_a_visit_is_taken_back_until_it_is_made(house: House) -> None:
    house.account()
    house.do(operations.plan_year, NUMBER, 2026)
    planned = visits()[-1].number
    house.do(operations.cancel_visit, planned)
    number = beside_the_plan(house)
    house.do(operations.cancel_visit, number)
    assert {visit.state for visit in visits() if visit.number in (planned, number)} == {"cancelled"}
    made = beside_the_plan(house)
    house.complete(made, "visit", **RECORD)
    with pytest.raises(VisitOver):
        house.do(operations.cancel_visit, made)


def test_a_stations_account_is_looked_after_and_reviewed_by_its_county(house: House) -> None:
    station = make_unit("GM-LJ-QS-01", parent=house.county)
    made = make_customer(station, "3300007777", name="柳河化肥厂", kind="hv")
    house.do(operations.make_account, made.number, manager="manager1")
    house.do(operations.review_importance, made.number, consequence="explosion", scale="none", temporary=False)
    due = house.now.date() + timedelta(days=9)
    number = house.do(operations.plan_visit, made.number, due=due, purpose="")
    house.complete(number, "visit", **RECORD)
    house.complete(number, "review_visit", by=house.head, review_action="accept")
    assert visits()[0].state == "closed"
