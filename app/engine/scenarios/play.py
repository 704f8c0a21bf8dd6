"""What a scenario's steps work on: its stage, its stubs, and the instance it started."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.engine import api
from app.engine.scenarios.stage import Stage
from app.engine.scenarios.stubs import Stubs
from app.kernel.actor import Actor

ACTOR = Actor(kind="user", id=None, username="scenario", name="场景")


@dataclass(slots=True)
class Play:
    """`known_incidents` are those that the scenario has spoken of."""

    stage: Stage
    stubs: Stubs
    instance_id: str = ""
    known_incidents: set[str] = field(default_factory=set)

    def instance(self) -> api.InstanceView:
        return self.stage.read(lambda: api.get_instance(self.instance_id))

    def tasks(self) -> list[api.TaskView]:
        return self.stage.read(lambda: api.open_tasks(self.instance_id))

    def data(self) -> dict[str, Any]:
        return self.stage.read(lambda: api.variables(self.instance_id))

    def history(self) -> list[api.Activity]:
        return self.stage.read(lambda: api.history(self.instance_id))

    def waiting(self) -> list[api.Waiting]:
        return self.stage.read(lambda: api.waiting(self.instance_id))

    def incidents(self) -> list[api.IncidentView]:
        return self.stage.read(lambda: api.list_incidents(instance_id=self.instance_id))

    def task_data(self, task: api.TaskView) -> dict[str, Any]:
        return self.stage.read(lambda: api.task_data(task.id))
