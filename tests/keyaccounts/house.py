"""A utility in small with one key account: units, a manager, a head, the diagrams and tables of key accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from app.customers.models import Customer
from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.identity.queries import UnitView, UserView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import FrozenClock
from app.kernel.settings import ROOT
from app.keyaccounts import operations
from tests.customers.accounts import make_customer
from tests.identity.factories import actor_of, make_unit, make_user

NUMBER = "3300008888"
T = TypeVar("T")

RECORD: dict[str, Any] = {
    "visit_result": "made",
    "visited_on": "2026-03-02",
    "met": "陈工",
    "findings": "设备运行正常",
    "visit_wishes": "希望提前告知检修计划",
    "visit_satisfaction": "satisfied",
    "hazard_list": [],
}


@lru_cache(maxsize=1)
def definitions() -> dict[str, bytes]:
    """The diagrams, tables and forms of key accounts alone: deployed in a moment."""
    paths = [
        path
        for name in ("key_account_visit", "outage_consent")
        for kind in ("bpmn", "forms")
        for path in (ROOT / kind / name).glob("*.*")
    ]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(paths)}


@dataclass
class House:
    """`customer` is a high-voltage customer of the county; `manager` looks after it, `head` leads the county."""

    clock: FrozenClock
    county: UnitView
    elsewhere: UnitView
    manager: UserView
    head: UserView
    customer: Customer

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def do(self, operation: Callable[..., T], *args: Any, by: UserView | None = None, **values: Any) -> T:
        """Run an operation as somebody (the manager), in a transaction."""
        actor: Actor = actor_of(by or self.manager)
        return db.run(lambda: operation(*args, actor=actor, now=self.now, **values))

    def account(self, *, grade: str = "casualties") -> str:
        """Make the customer a key account of the manager, graded; returns its number."""
        self.do(operations.make_account, NUMBER, manager=self.manager.username)
        self.do(operations.review_importance, NUMBER, consequence=grade, scale="none", temporary=False)
        return NUMBER

    def tasks(self, business_key: str) -> dict[str, engine.TaskView]:
        """Open tasks of a case by element."""
        views = engine.list_instances(business_key=business_key)
        return {task.element_id: task for view in views for task in engine.open_tasks(view.id)}

    def complete(self, business_key: str, element: str, by: UserView | None = None, **data: Any) -> None:
        task = self.tasks(business_key)[element]
        db.run(lambda: engine.complete(task.id, data, actor=actor_of(by or self.manager), now=self.now))

    def advance(self, by: timedelta) -> None:
        """Move the clock and do what is due."""
        self.clock.advance(by)
        while engine.fire_timers(self.now, limit=100) + jobs.run_due(self.now, 100):
            pass


def build(clock: FrozenClock) -> House:
    """The house."""
    city = make_unit("GM-LJ", kind="city", name="临江供电公司")
    county = make_unit("GM-LJ-QS", parent=city, name="青山县供电公司", area="urban")
    elsewhere = make_unit("GM-YS", kind="city", name="云山供电公司")
    manager = make_user("manager1", posts=[("account_manager", county)], name="顾经理")
    head = make_user("head1", posts=[("head", county)], name="梁主任")
    customer = make_customer(
        county,
        NUMBER,
        name="临江特钢有限公司",
        kind="hv",
        category="large_industry",
        contract_capacity=Decimal(2000),
        running_capacity=Decimal(1600),
        opened_on=date(2015, 1, 1),
    )
    db.run(lambda: deploy(definitions(), actor=SYSTEM, now=clock.now()))
    return House(clock, county, elsewhere, manager, head, customer)
