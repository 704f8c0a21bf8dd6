"""The engine, as the elements of a diagram see it during one command (`elements.host.Host`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task

from app.engine.decisions.mapping import map_result
from app.engine.decisions.runtime import decide
from app.engine.elements.host import DecisionCall, ServiceCall, Throw
from app.engine.elements.waits import waits
from app.engine.runtime import starts
from app.engine.runtime.projection.waiting import key_of
from app.engine.runtime.run import routing, services
from app.engine.runtime.run.active import Run


class RunHost:
    """One for each run; `run` is set as soon as the instance is in memory."""

    run: Run

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def run_service(self, task: Task, call: ServiceCall) -> Mapping[str, Any] | None:
        if call.external:
            services.hand_over(self.run, task)
            return None
        return services.run_inline(self.run, task, call)

    def latest(self, key: str) -> str:
        return starts.newest(key)

    def run_decision(self, task: Task, call: DecisionCall) -> Any:
        decided = decide(
            call.decision_id,
            call.inputs,
            now=self._now,
            definition_id=call.definition_id or None,
            instance_id=self.run.instance.id,
            element_id=call.element_id,
        )
        return map_result(decided.result, call.map_result)

    def throw(self, task: Task, throw: Throw) -> None:
        run = self.run
        waiting = frozenset(key_of(wait) for wait in waits(run.workflow) if wait.kind == throw.kind == "signal")
        run.after_save.append(lambda: routing.route(run, throw, waiting))
