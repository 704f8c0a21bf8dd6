"""What the runtime's tests share: deploying a drawn diagram, and one transaction for each command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from app.engine import api
from app.engine.definitions import specs
from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import FrozenClock

T = TypeVar("T")

NOBODY = Actor(kind="user", id=None, username="tester", name="测试员")


class Driver:
    """Deploys and drives instances the way views and jobs do: each call is a transaction of its own."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        specs.forget()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def do(self, work: Callable[[], T]) -> T:
        return db.run(work)

    def deploy(self, **files: bytes) -> None:
        named = {f"{name}.bpmn": content for name, content in files.items()}
        self.do(lambda: deploy(named, actor=SYSTEM, now=self.now))

    def start(self, key: str = "p", *, data: dict[str, Any] | None = None, **options: Any) -> api.InstanceView:
        return self.do(lambda: api.start(key, data=data or {}, actor=NOBODY, now=self.now, **options))

    def tasks(self, instance_id: str) -> list[str]:
        """The element ids of the open tasks, sorted."""
        return sorted(task.element_id for task in api.open_tasks(instance_id))

    def task(self, instance_id: str, element_id: str) -> api.TaskView:
        return next(task for task in api.open_tasks(instance_id) if task.element_id == element_id)

    def complete(self, instance_id: str, element_id: str, **data: Any) -> api.Completed:
        task = self.task(instance_id, element_id)
        return self.do(lambda: api.complete(task.id, data, actor=NOBODY, now=self.now))

    def status(self, instance_id: str) -> str:
        return api.get_instance(instance_id).status
