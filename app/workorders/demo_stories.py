"""The stories of demo orders: who does what, and how long it takes. Only operations and the engine's face.

A story yields a function of the present time (a step, done in a transaction of its own)
or a time to wait. A step whose task is not open is left out: the order then stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.engine import api as engine
from app.identity import queries as people
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.workorders import operations
from app.workorders.models import Crew
from app.workorders.operations import Report

Step = Callable[[datetime], None]
Wait = Step | timedelta

FAULTS = (
    ("解放路 12 号 3 单元", "整栋楼停电，邻居也没电", "building", "low_voltage_line", "tree", "清除树枝，恢复导线"),
    ("人民路 88 号", "只有我家没电，空开合不上", "one_household", "service_line", "ageing", "更换进户线"),
    ("城关镇东门小区 5 幢", "表箱冒烟，有焦味", "sparks", "meter_box", "overload", "更换表箱开关"),
    ("柳河村三组", "一大片都停电了", "neighbourhood", "distribution_transformer", "lightning", "更换熔断器"),
    ("工业园二路 6 号", "电压不稳，设备跳停", "flicker", "low_voltage_line", "workmanship", "重做接头"),
    ("湖东街 101 号", "路边电线掉下来了", "wire_down", "low_voltage_line", "external_damage", "重新架线"),
)
PEOPLE = ("王芳", "李强", "张敏", "刘洋", "陈杰", "杨洁", "赵磊", "黄丽", "周涛", "吴霞", "徐明", "孙倩")
PLACES = ((30.2741, 120.1551), (30.2512, 120.1663), (30.2903, 120.1419))


class Stage:
    """One demo order: its number once accepted, and its actors. `seed` chooses the words."""

    def __init__(self, seed: int) -> None:
        self.seed, self.number, self.helper = seed, "", ""
        self.fault = FAULTS[seed % len(FAULTS)]
        self.unit = "GM-LJ-BH" if seed % 4 == 3 else "GM-LJ-QS"
        self.leader = "leader3" if self.unit == "GM-LJ-BH" else "leader"

    def accept(self, **more: Any) -> Step:
        def step(now: datetime) -> None:
            report = Report(
                unit=self.unit,
                address=f"{'滨湖区' if self.unit == 'GM-LJ-BH' else '青山县'}{self.fault[0]}",
                description=self.fault[1],
                contact_name=PEOPLE[self.seed % len(PEOPLE)],
                phone=f"1380013{8000 + self.seed % 1999:04d}",
                account_no=f"33010{40000 + self.seed}",
                sub_type="low_voltage",
                symptom=self.fault[2],
                **more,
            )
            self.number = operations.accept(report, actor=_actor("agent"), now=now).number

        return step

    def complete(self, element: str, by: str, **data: Any) -> Step:
        def step(now: datetime) -> None:
            tasks = [
                task
                for instance in engine.list_instances(business_key=self.number, status="active")
                for task in engine.open_tasks(instance.id)
                if task.element_id == element
            ]
            if tasks:
                engine.complete(tasks[0].id, data, actor=_actor(by), now=now)

        return step

    def act(self, operation: Callable[..., Any], by: str, **values: Any) -> Step:
        def step(now: datetime) -> None:
            given = {name: value(now) if callable(value) else value for name, value in values.items()}
            operation(self.number, actor=_actor(by), now=now, **given)

        return step

    def dispatch(self) -> Step:
        def step(now: datetime) -> None:
            crew = session.scalar(sa.select(Crew.id).where(Crew.leader == self.leader))
            self.complete("dispatch", "dispatcher", dispatch_action="dispatch", crew=str(crew))(now)

        return step

    def survey(self, minutes: int) -> Step:
        def step(now: datetime) -> None:
            etr = (now + timedelta(minutes=minutes)).isoformat(timespec="minutes")
            found = {"fault_type": self.fault[3], "fault_cause": self.fault[4], "symptom": self.fault[2]}
            self.complete("survey", self.leader, **found, ownership="utility", analysis=self.fault[1], etr=etr)(now)

        return step

    def arrive(self) -> Step:
        lat, lon = PLACES[self.seed % len(PLACES)]
        return self.complete("arrive", self.leader, arrive_lat=lat, arrive_lon=lon, arrive_accuracy=12)

    def reply(self) -> Step:
        def step(now: datetime) -> None:
            content = {
                "reply_contacted": "phone",
                "reply_fault_type": self.fault[3],
                "reply_fault_cause": self.fault[4],
                "reply_ownership": "utility",
                "reply_findings": f"到场检查：{self.fault[1]}",
                "reply_action": self.fault[5],
                "reply_opinion": "客户表示认可",
                "reply_restored_at": (now - timedelta(minutes=2)).isoformat(timespec="minutes"),
            }
            self.complete("reply", self.leader, **content)(now)

        return step


def _actor(username: str) -> Actor:
    user = people.user_view(username)
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def waiting(stage: Stage) -> Iterator[Wait]:
    """Accepted, not dispatched yet."""
    yield stage.accept()


def taken(stage: Stage) -> Iterator[Wait]:
    """Dispatched and taken."""
    yield stage.accept(mood="agitated" if stage.seed % 2 else "calm")
    yield _minutes(1)
    yield stage.dispatch()
    yield _minutes(1)
    yield stage.complete("take", stage.leader, take_action="take")


def on_the_way(stage: Stage) -> Iterator[Wait]:
    """The crew has left."""
    yield from taken(stage)
    yield _minutes(2)
    yield stage.complete("depart", stage.leader)


def repairing(stage: Stage, minutes: int = 80) -> Iterator[Wait]:
    """On site and at work."""
    yield from on_the_way(stage)
    yield _minutes(16)
    yield stage.arrive()
    yield _minutes(6)
    yield stage.survey(minutes)


def long_repair(stage: Stage) -> Iterator[Wait]:
    """A repair of hours, with progress reported."""
    yield from repairing(stage, 360)
    yield _minutes(100)
    yield stage.complete("repair", stage.leader, repair_action="progress", progress_note="故障段已隔离，正在更换")


def reviewed(stage: Stage) -> Iterator[Wait]:
    """Restored and replied, waiting for the review."""
    yield from repairing(stage)
    yield _minutes(50)
    yield stage.complete("repair", stage.leader, repair_action="restored")
    yield _minutes(3)
    yield stage.reply()


def called(stage: Stage, result: str = "restored", satisfaction: str = "satisfied") -> Iterator[Wait]:
    """Through the review to the callback and its result."""
    yield from reviewed(stage)
    yield _minutes(12)
    yield stage.complete("review", "reviewer", review_action="pass")
    for _hour in range(12):
        yield _minutes(60)
        said = {"satisfaction": satisfaction} if result == "restored" else {}
        yield stage.complete("call", "callback", callback_result=result, **said)


def unreached(stage: Stage) -> Iterator[Wait]:
    """Nobody answers the callback."""
    yield from called(stage, "no_answer")


def still_out(stage: Stage) -> Iterator[Wait]:
    """The callback finds the customer still without power."""
    yield from reviewed(stage)
    yield _minutes(12)
    yield stage.complete("review", "reviewer", review_action="pass")
    yield _minutes(30)
    yield stage.complete("call", "callback", callback_result="still_out")


def suspended(stage: Stage) -> Iterator[Wait]:
    """The customer asked for another time."""
    yield from taken(stage)
    yield _minutes(4)
    tonight = {"until": lambda now: now + timedelta(hours=20)}
    yield stage.act(operations.suspend, "dispatcher", reason="appointment", note="客户晚上在家", **tonight)


def cancelled(stage: Stage) -> Iterator[Wait]:
    """The customer called that power is back."""
    yield from taken(stage)
    yield _minutes(9)
    yield stage.act(operations.cancel, "agent", reason="restored_itself")


def returned(stage: Stage) -> Iterator[Wait]:
    """The crew gave it back."""
    yield stage.accept()
    yield _minutes(1)
    yield stage.dispatch()
    yield _minutes(1)
    yield stage.complete(
        "take", stage.leader, take_action="return", return_reason="data_missing", return_note="地址不详"
    )


def merged(stage: Stage) -> Iterator[Wait]:
    """Two reports of one cause, the second attached; the customer asks again."""
    yield stage.accept(importance="second")
    main = stage.number
    yield _minutes(3)
    other = Stage(stage.seed + 5)
    other.unit = stage.unit
    yield other.accept()
    yield _minutes(2)
    yield other.act(operations.merge, "supervisor", into=main, cause="同一台区低压线路故障")
    yield stage.act(operations.remind, "agent", note="小区有老人吸氧")


STORIES: tuple[tuple[int, Callable[[Stage], Iterator[Wait]]], ...] = (
    (1800, called),
    (1500, called),
    (1400, unreached),
    (1300, cancelled),
    (1250, still_out),
    (300, called),
    (150, reviewed),
    (190, long_repair),
    (60, repairing),
    (12, on_the_way),
    (95, suspended),
    (25, merged),
    (8, returned),
    (3, taken),
    (1, waiting),
)
"""Minutes ago, story."""
