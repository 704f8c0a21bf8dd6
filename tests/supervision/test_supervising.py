"""督办, taking over, alerts: rights, states, secrecy."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import api as engine
from app.kernel import db
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.notify.models import Notice
from app.supervision.models import SupervisionAlert
from app.supervision.operations import alerts, supervising, taking
from app.supervision.operations.supervising import Request
from app.supervision.queries.cases import cases_of, takeover_of
from tests.identity.factories import actor_of, make_user
from tests.supervision.counted import settle
from tests.workorders.house import House

WANTED = Request(reason="overdue", grade="general", text="请说明原因")
ANSWER = {"cause": "漏派", "measures": "当日完成"}


def issue(house: House, number: str) -> str:
    found: str = house.do(lambda **acting: supervising.supervise(number, WANTED, **acting).number, by="department")
    return found


def test_a_supervision_runs_to_its_verdict(house: House) -> None:
    order = house.accept()
    case = issue(house, order.number)
    assert house.order(order.number).supervised
    assert house.tasks(case)["answer"].candidates == (("group", "head@GM-LJ-QS"),)
    with pytest.raises(supervising.AlreadySupervised):
        issue(house, order.number)
    house.complete(case, "answer", "head", timedelta(hours=1), **ANSWER)
    house.complete(case, "evaluate", "department", verdict="again", verdict_note="不具体")
    assert "answer" in house.tasks(case)
    house.complete(case, "answer", "head", **ANSWER)
    house.complete(case, "evaluate", "department", verdict="accept", verdict_note="认可")
    (found,) = cases_of(order.id)
    assert found.state == "closed"
    assert [(step.verdict, step.answered_by) for step in found.rounds] == [("again", "head1"), ("accept", "head1")]
    assert session.scalar(sa.select(sa.func.count()).where(Notice.kind == "supervision"))


def test_nobody_answers_and_the_department_is_told(house: House) -> None:
    order = house.accept()
    case = issue(house, order.number)
    due = house.tasks(case)["answer"].due_at
    assert due is not None
    house.clock.set(due + timedelta(minutes=1))
    house.settle()
    (found,) = cases_of(order.id)
    assert found.escalated == 1
    told = session.scalars(sa.select(Notice.user_id).where(Notice.dedupe_key.like("supervision:%:late:%"))).all()
    assert house.people["department"].id in told


def test_withdrawn_with_a_note(house: House) -> None:
    order = house.accept()
    case = issue(house, order.number)
    with pytest.raises(supervising.BadSupervision):
        house.do(supervising.withdraw, case, note=" ", by="department")
    house.do(supervising.withdraw, case, note="误发", by="department")
    assert cases_of(order.id)[0].state == "withdrawn"
    assert house.tasks(case) == {}


def test_only_those_in_charge_of_the_line_supervise(house: House) -> None:
    order = house.accept()
    with pytest.raises(Forbidden):
        house.do(supervising.supervise, order.number, WANTED, by="agent")
    outsider = make_user("marketing1", posts=[("dept_marketing", house.units["GM-LJ"])])
    with pytest.raises(Forbidden):
        db.run(lambda: supervising.supervise(order.number, WANTED, actor=actor_of(outsider), now=house.now))
    inside = make_user("operation1", posts=[("dept_operation", house.units["GM-LJ"])])
    row = db.run(lambda: supervising.supervise(order.number, WANTED, actor=actor_of(inside), now=house.now))
    assert row.group == "dept_operation@GM-LJ"


@pytest.mark.parametrize(
    ("change", "field"), [({"reason": "?"}, "reason"), ({"grade": ""}, "grade"), ({"text": ""}, "text")]
)
def test_a_supervision_must_be_complete(house: House, change: dict[str, str], field: str) -> None:
    number = house.accept().number
    values = {"reason": "overdue", "grade": "general", "text": "x"} | change
    with pytest.raises(supervising.BadSupervision) as refused:
        house.do(supervising.supervise, number, Request(**values), by="department")
    assert list(refused.value.details["errors"]) == [field]


def test_taken_over_followed_and_handed_back(house: House) -> None:
    order = house.accept()
    house.complete(order.number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(house.crew))
    task = house.tasks(order.number)["take"]
    house.do(taking.take_over, order.number, reason="诉求复杂", by="department")
    department = house.people["department"].id
    assert engine.get_task(task.id).assignee_id == department
    with pytest.raises(taking.TakenOver):
        house.do(taking.take_over, order.number, reason="再来", by="department")
    house.complete(order.number, "take", "department", take_action="take")
    assert house.tasks(order.number)["depart"].assignee_id != department
    assert db.run(lambda: taking.follow(house.now)) == 1
    assert db.run(lambda: taking.follow(house.now)) == 0
    assert house.tasks(order.number)["depart"].assignee_id == department
    assert takeover_of(order.id) is not None
    house.do(taking.hand_back, order.number, note="交回", by="department")
    assert house.tasks(order.number)["depart"].assignee_id != department
    assert takeover_of(order.id) is None
    with pytest.raises(taking.TakenOver):
        house.do(taking.hand_back, order.number, note="交回", by="department")


def test_alerts_are_raised_once_and_acknowledged_with_a_note(house: House) -> None:
    for _ in range(3):
        house.accept()
    house.accept(phone="13900139000", account_no="1", description="再不来就找电视台曝光")
    for _ in range(2):
        settle(house.now)
        while db.run(lambda: alerts.judge_orders(house.now)):
            pass
    raised = session.execute(sa.select(SupervisionAlert.rule, SupervisionAlert.order_id)).all()
    session.rollback()
    assert sorted(map(tuple, raised)) == [("media_words", 4), ("repeated_calls", 3)]
    house.clock.set(house.now + timedelta(hours=1))
    settle(house.now)
    db.run(lambda: alerts.judge_orders(house.now))
    rules = session.scalars(sa.select(SupervisionAlert.rule)).all()
    session.rollback()
    assert rules.count("over_limit") == 4
    with pytest.raises(alerts.NoteMissing):
        house.do(alerts.acknowledge, 1, note="", by="department")
    house.do(alerts.acknowledge, 1, note="已派人", by="department")
    assert session.get_one(SupervisionAlert, 1).note == "已派人"
