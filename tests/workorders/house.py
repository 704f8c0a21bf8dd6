"""A utility in small with everything an order needs: units, people, crews, codes, deployed diagrams.

`House` drives an order as people do: through operations and the engine's face, with a
clock that the test moves. It never writes rows of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.identity.queries import UnitView, UserView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import FrozenClock
from app.kernel.settings import ROOT
from app.workorders import operations
from app.workorders.operations import CrewData, Report
from app.workorders.queries.orders import OrderView, find
from tests import snapshots
from tests.identity.factories import actor_of, make_unit, make_user

REPORT = Report(
    unit="GM-LJ-QS",
    address="青山县解放路 12 号 3 单元",
    description="整栋楼停电，已约半小时",
    contact_name="王芳",
    phone="13800138000",
    account_no="3301005566",
    sub_type="low_voltage",
    symptom="building",
)
"""A fault report that passes every check."""

SURVEY: Mapping[str, Any] = {
    "fault_type": "low_voltage_line",
    "fault_cause": "tree",
    "symptom": "building",
    "ownership": "utility",
    "analysis": "树枝搭接导线",
}

REPLY: Mapping[str, Any] = {
    "reply_contacted": "phone",
    "reply_fault_type": "low_voltage_line",
    "reply_fault_cause": "tree",
    "reply_ownership": "utility",
    "reply_findings": "低压线路被树枝搭接",
    "reply_action": "清除树枝，恢复送电",
    "reply_opinion": "满意",
}

POSTS = (
    "agent",
    "dispatcher",
    "crew_leader",
    "crew",
    "reviewer",
    "callback",
    "supervisor",
    "head",
)
CITY = ("agent", "dispatcher", "reviewer", "callback", "supervisor", "head", "discipline")
"""Posts of the city, above the unit that is complained of."""


KINDS = (("bpmn", "bpmn"), ("bpmn", "dmn"), ("forms", "form"))

REPAIR = ("repair_dispatch", "callback", "assistance", "reminder", "limit_watch")
"""The folders a repair needs."""

DESK = ("order_dispatch", "order_review", "order_rest", "order_attached", "order_answer", "intake")
"""The folders every other kind of order needs besides its own."""


@lru_cache
def definitions(*folders: str) -> dict[str, bytes]:
    """The diagrams, decision tables and forms of these folders, of all where none is named."""
    wanted = folders or ("*",)
    patterns = [f"{kind}/{folder}/*.{ext}" for folder in wanted for kind, ext in KINDS]
    paths = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(paths)}


@dataclass
class House:
    """`people` are keyed by post (of unit GM-LJ-QS); `crew` and `second_crew` are crews' ids."""

    clock: FrozenClock
    units: dict[str, UnitView] = field(default_factory=dict)
    people: dict[str, UserView] = field(default_factory=dict)
    crew: int = 0
    second_crew: int = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def actor(self, post: str) -> Actor:
        return actor_of(self.people[post])

    def accept(self, by: str = "agent", **changes: Any) -> OrderView:
        """Report a fault; `changes` to `REPORT`."""
        report = replace(REPORT, **changes)
        return db.run(lambda: operations.accept(report, actor=self.actor(by), now=self.now))

    def order(self, number: str) -> OrderView:
        found = find(number)
        assert found is not None
        return found

    def do(self, operation: Any, *args: Any, by: str = "dispatcher", **values: Any) -> Any:
        """Run an operation as somebody, in a transaction."""
        return db.run(lambda: operation(*args, actor=self.actor(by), now=self.now, **values))

    def tasks(self, number: str) -> dict[str, engine.TaskView]:
        """The order's open tasks by element, its helpers' included."""
        views = engine.list_instances(business_key=number)
        return {task.element_id: task for view in views for task in engine.open_tasks(view.id)}

    def complete(self, number: str, element: str, by: str, after: timedelta = timedelta(), **data: Any) -> None:
        """Complete the order's open task at `element`, `after` a while."""
        self.advance(after)
        task = self.tasks(number)[element]
        db.run(lambda: engine.complete(task.id, data, actor=self.actor(by), now=self.now))

    def advance(self, by: timedelta) -> None:
        """Move the clock minute by minute, as the clock process would: timers and jobs in their order."""
        end = self.now + by
        while True:
            self.settle()
            if self.now >= end:
                return
            self.clock.set(min(end, self.now + timedelta(minutes=1)))

    def settle(self) -> None:
        """Fire what is due now."""
        while engine.fire_timers(self.now, limit=100) + jobs.run_due(self.now, 100):
            pass

    def to_site(self, number: str, minutes: int = 5) -> None:
        """Dispatch, take, leave and arrive, `minutes` on the way."""
        self.complete(number, "dispatch", "dispatcher", dispatch_action="dispatch", crew=str(self.crew))
        self.complete(number, "take", "crew_leader", take_action="take")
        self.complete(number, "depart", "crew_leader", depart_vehicle="浙A12345")
        self.complete(number, "arrive", "crew_leader", timedelta(minutes=minutes), arrive_lat=30.1, arrive_lon=120.2)

    def repair(self, number: str, minutes: int = 30) -> None:
        """Survey and restore, `minutes` of work."""
        etr = (self.now + timedelta(minutes=minutes)).isoformat()
        self.complete(number, "survey", "crew_leader", **SURVEY, etr=etr)
        self.complete(number, "repair", "crew_leader", timedelta(minutes=minutes), repair_action="restored")

    def reply(self, number: str, **changes: Any) -> None:
        """Reply with all that the checks ask for."""
        restored = {"reply_restored_at": self.now.isoformat()}
        self.complete(number, "reply", "crew_leader", **{**REPLY, **restored, **changes})

    def to_callback(self, number: str) -> None:
        """From the open dispatch to the callback that waits."""
        self.to_site(number)
        self.repair(number)
        self.reply(number)
        self.complete(number, "review", "reviewer", review_action="pass")
        self.settle()


def build(clock: FrozenClock, *kinds: str) -> House:
    """Province GM, city GM-LJ, county GM-LJ-QS and its neighbour GM-LJ-BH, with one person a post.

    `kinds` are the folders of orders other than repairs, which are always there; with them come
    the people of the desk. Built by the operations the first time, put back row by row into later
    empty databases of this process.
    """
    found = snapshots.build_once(("house", kinds, clock.now()), lambda: _build(clock, kinds))
    return replace(found, clock=clock)


def _build(clock: FrozenClock, kinds: tuple[str, ...]) -> House:
    house = House(clock)
    province = make_unit("GM", kind="province", name="光明省电力公司")
    city = make_unit("GM-LJ", parent=province, name="临江供电公司")
    county = make_unit("GM-LJ-QS", parent=city, name="青山县供电公司", area="urban")
    other = make_unit("GM-LJ-BH", parent=city, name="滨湖供电公司", area="rural")
    house.units = {unit.code: unit for unit in (province, city, county, other)}
    house.people = {post: make_user(f"{post}1", posts=[(post, county)], name=f"{post}甲") for post in POSTS}
    if kinds:
        for post in ("clerk", "surveyor", "installer"):
            house.people[post] = make_user(f"{post}1", posts=[(post, county)], name=f"{post}甲")
        for post in CITY:
            house.people[f"city_{post}"] = make_user(f"city_{post}", posts=[(post, city)], name=f"市{post}")
    house.people["department"] = make_user("department2", posts=[("department", city)], name="营销部乙")
    house.people["other_leader"] = make_user("leader2", posts=[("crew_leader", other)], name="班长乙")
    house.people["other_dispatcher"] = make_user("dispatcher2", posts=[("dispatcher", other)], name="调度乙")
    db.run(lambda: operations.sync_codes(actor=SYSTEM, now=clock.now()))
    db.run(lambda: deploy(_definitions(kinds), actor=SYSTEM, now=clock.now()))
    house.crew = _crew(house, "抢修一班")
    house.second_crew = _crew(house, "抢修二班")
    return house


def _definitions(kinds: tuple[str, ...]) -> dict[str, bytes]:
    """Only what is needed: a deployment costs seconds."""
    return definitions(*REPAIR, *(DESK if kinds else ()), *kinds)


def _crew(house: House, name: str) -> int:
    data = CrewData(unit="GM-LJ-QS", name=name, leader="crew_leader1", members=["crew1"], vehicle="浙A12345")
    crew_id: int = house.do(operations.save_crew, data, by="dispatcher")
    house.do(operations.set_duty, crew_id, on_duty=True, by="dispatcher")
    return crew_id
