"""Demo key accounts: large customers with managers, grades, backup supply, visits on their way, an outage asked.

Made by the real operations on a clock that runs through the last weeks, so that lists,
alerts and reports show what they show in a utility.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer
from app.engine import api as engine
from app.identity import queries as people
from app.kernel import clock, db, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.keyaccounts import operations
from app.keyaccounts.days import day_of
from app.keyaccounts.models import KeyAccount
from app.keyaccounts.operations import AccountData, PlannedOutage, Supply
from app.keyaccounts.queries.accounts import find_account
from app.keyaccounts.queries.alerts import last_demand

MANAGER = "manager"
UNITS = ("GM-LJ-QS", "GM-LJ-BH")
MOST = 12

GRADES = (
    ("casualties", "none"),
    ("economic", "major"),
    ("economic", "large"),
    ("order", "large"),
    ("none", "none"),
    ("pollution", "large"),
)
"""What an interruption may cause at each account in turn."""

BASIS = {"special": ("national", "none"), "first": ("casualties", "none"), "second": ("order", "large")}
"""What an interruption may cause at a customer that is of a grade already."""

DEMAND_SHARES = (Decimal("1.08"), Decimal("0.97"), Decimal("0.82"), Decimal("0.64"))
"""How near each account in turn draws to its contract maximum."""

VISITS: tuple[dict[str, Any], ...] = (
    {
        "met": "动力科 陈工",
        "findings": "高压配电室运行正常，直流屏蓄电池已超期服役，建议更换。",
        "visit_wishes": "检修计划尽量安排在周末，提前两周告知。",
        "visit_satisfaction": "satisfied",
        "hazard_list": [{"hazard_text": "直流屏蓄电池超期服役", "hazard_severity": "general"}],
    },
    {
        "met": "后勤保障部 刘主任",
        "findings": "双电源切换装置试验正常，自备发电机带载试验 30 分钟正常。",
        "visit_wishes": "",
        "visit_satisfaction": "very_satisfied",
        "hazard_list": [],
    },
    {
        "met": "设备部 吴经理",
        "findings": "无功补偿柜两组电容器退出运行，功率因数偏低。",
        "visit_wishes": "希望提供力调电费分析。",
        "visit_satisfaction": "neutral",
        "hazard_list": [{"hazard_text": "自备发电机未装设机械闭锁，存在倒送电风险", "hazard_severity": "serious"}],
    },
)


def load() -> int:
    """Make demo key accounts where there are none yet; returns how many."""
    now = clock.now()
    manager = people.user_view(MANAGER)
    if manager is None or session.scalar(sa.select(KeyAccount.id).limit(1)) is not None:
        session.rollback()
        return 0
    actor = Actor(kind="user", id=manager.id, username=manager.username, name=manager.name)
    found = _customers(now)
    session.rollback()
    for place, (number, importance) in enumerate(found):
        basis = BASIS.get(importance, GRADES[place % len(GRADES)])
        _account(place, number, basis, actor, now - timedelta(days=75))
    numbers = [number for number, _importance in found]
    for place, number in enumerate(numbers[: len(VISITS)]):
        _visit(number, VISITS[place], actor, now - timedelta(days=60 - 12 * place))
    if len(numbers) > len(VISITS):
        _open_visits(numbers[len(VISITS) :], actor, now)
    if numbers:
        _outage(numbers[:2], now)
    return len(numbers)


def _customers(now: datetime) -> list[tuple[str, str]]:
    """Number and grade of the demo's high-voltage customers: those of a grade, then the largest."""
    paths = [unit.path for code in UNITS if (unit := people.unit_by_code(code, at=now))]
    query = (
        sa.select(Customer.number, Customer.importance)
        .where(Customer.kind == "hv", Customer.status == "active")
        .where(sa.or_(sa.false(), *(Customer.unit_path.startswith(path, autoescape=True) for path in paths)))
        .order_by(Customer.importance == "none", Customer.contract_capacity.desc(), Customer.number)
    )
    return [(number, importance) for number, importance in session.execute(query.limit(MOST))]


def _account(place: int, number: str, basis: tuple[str, str], actor: Actor, at: datetime) -> None:
    consequence, scale = basis
    db.run(lambda: operations.make_account(number, manager=MANAGER, actor=actor, now=at))
    db.run(
        lambda: operations.review_importance(
            number, consequence=consequence, scale=scale, temporary=False, actor=actor, now=at
        )
    )
    db.run(lambda: _agree(place, number, actor, at))


def _agree(place: int, number: str, actor: Actor, at: datetime) -> None:
    view = find_account(number, on=day_of(at))
    assert view is not None
    drawn = last_demand([view.customer_id]).get(view.customer_id)
    capacity = view.contract_capacity or Decimal(1000)
    demand = (drawn / DEMAND_SHARES[place % len(DEMAND_SHARES)]).quantize(Decimal(1)) if drawn else capacity
    load = (capacity / 10).quantize(Decimal(1))
    until = date(at.year + (1 if place % 3 else 0), 12, 31)
    data = AccountData(contract_demand=demand, security_load=load, contract_until=until)
    operations.save_account(number, data, revision=view.revision, actor=actor, now=at)
    share = Decimal("1.2") if place % 3 else Decimal("0.8")
    supplies = [
        Supply(
            kind="second_line", name="备用 10 千伏线路", line_code=f"L-{20 + place}", transfer_minutes=Decimal("0.5")
        ),
        Supply(
            kind="generator",
            name="柴油发电机",
            capacity=(load * share).quantize(Decimal(1)),
            transfer_minutes=Decimal(10),
            interlocked=place % 4 != 2,
            tested_on=day_of(at),
        ),
    ]
    operations.save_supplies(number, supplies, actor=actor, now=at)


def _visit(number: str, record: dict[str, Any], actor: Actor, at: datetime) -> None:
    """A visit that was made; its hazards and its review wait."""
    due = day_of(at) + timedelta(days=10)
    visit = db.run(lambda: operations.plan_visit(number, due=due, purpose="季度走访", actor=actor, now=at))
    data = record | {"visit_result": "made", "visited_on": day_of(at).isoformat()}
    db.run(lambda: _complete(visit, data, actor, at + timedelta(hours=3)))


def _complete(visit: str, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    views = engine.list_instances(business_key=visit)
    task = next(task for view in views for task in engine.open_tasks(view.id) if task.element_id == "visit")
    engine.complete(task.id, data, actor=actor, now=at)


def _open_visits(numbers: list[str], actor: Actor, now: datetime) -> None:
    """This year's plan; one visit that is overdue, one that is due soon."""
    for number in numbers:
        db.run(lambda number=number: operations.plan_year(number, day_of(now).year, actor=actor, now=now))  # type: ignore[misc]
    late, soon = now - timedelta(days=20), day_of(now) + timedelta(days=5)
    db.run(lambda: operations.plan_visit(numbers[0], due=day_of(late), purpose="安全检查", actor=actor, now=late))
    db.run(lambda: operations.plan_visit(numbers[-1], due=soon, purpose="迎峰检查", actor=actor, now=now))
    db.run(lambda: operations.begin_due(now))
    while engine.fire_timers(now, limit=100) + jobs.run_due(now, 100):
        pass


def _outage(numbers: list[str], now: datetime) -> None:
    ids = list(session.scalars(sa.select(KeyAccount.customer_id).where(KeyAccount.number.in_(numbers))))
    session.rollback()
    begins = (now + timedelta(days=9)).replace(minute=0, second=0, microsecond=0)
    outage = PlannedOutage(
        number="TD-DEMO-1", begins_at=begins, ends_at=begins + timedelta(hours=4), reason="10 千伏城东线更换开关"
    )
    db.run(lambda: operations.ask_consent(outage, ids, actor=SYSTEM, now=now))
