"""The engine, as the elements of a diagram see it during one command (`elements.host.Host`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task

from app.engine.decisions.mapping import map_result
from app.engine.decisions.runtime import decide
from app.engine.elements.host import DecisionCall, ServiceCall, Throw
from app.engine.runtime import starts
from app.engine.runtime.run import routing, services
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.reception import awaited_own, receive
from app.engine.runtime.variables import checked


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
        """What waits in this instance now has a signal as soon as the step has returned, before the flow goes on."""
        run = self.run
        waiting = awaited_own(run, throw) if throw.kind == "signal" else frozenset()
        if waiting:
            run.after_step.append(lambda: receive(run, waiting, checked(throw.payload)))
        run.after_save.append(lambda: routing.route(run, throw))
