"""One random diagram on the engine and on the model, step by step, compared after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from app.engine import api
from app.engine.definitions.deploy import deploy
from app.kernel.actor import SYSTEM
from tests.engine.model.sketch import Scope, files
from tests.engine.model.tokens import Model, Open
from tests.engine.runtime.driving import NOBODY, Driver

Draw = Callable[[int], int]
"""A number below the given one."""

ITEMS = [1, 2, 3]


class Pair:
    """The engine's instance and the model of one process.

    Variables are compared where no two tokens on one path contend for one.
    """

    def __init__(self, drive: Driver, process: Scope, key: str, *, with_variables: bool = True) -> None:
        self.with_variables = with_variables
        self.drive = drive
        self.process = process
        content = files(process, key)
        drive.do(lambda: deploy(content, actor=SYSTEM, now=drive.now))
        self.model = Model(process)
        self.began = drive.now
        self.instance = drive.start(key, data={"items": ITEMS, "take": {"at": 0, "flows": []}}).id
        self.count = 0
        self.told: list[str] = []
        self.compare()

    def step(self, draw: Draw) -> bool:
        """Do one thing to both; False where nothing can be done any more."""
        self.count += 1
        self.drive.clock.advance(timedelta(seconds=1))
        self.model.now = self.hours
        actions = self._actions()
        if self.model.ended or not actions:
            return False
        actions[draw(len(actions))](draw)
        if self.model.raced:
            return False
        self.compare()
        return True

    def close(self) -> None:
        """End the instance, so that its timers and signals do not concern the next one."""
        self.drive.do(lambda: api.terminate(self.instance, reason="done", actor=NOBODY, now=self.drive.now))

    @property
    def hours(self) -> float:
        return round((self.drive.now - self.began).total_seconds() / 3600, 6)

    def compare(self) -> None:
        """Everything both know is the same."""
        seen = (self._engine_open(), self._engine_waits(), self._engine_passed(), self._engine_status())
        expected = (
            Counter(one.element for one in self.model.open()),
            self.model.waits(),
            +Counter({name: count for name, count in self.model.passed.items() if name in self._shown}),
            "completed" if self.model.ended else "active",
        )
        for what, engine, model in zip(("open", "waiting", "passed", "status"), seen, expected, strict=True):
            assert engine == model, f"{what} after {self.told}: engine {engine}, model {model}"
        if self.with_variables and self.model.ordered:
            self._compare_variables()

    def _compare_variables(self) -> None:
        data = {name: value for name, value in api.variables(self.instance).items() if name.startswith("w_")}
        assert data == self.model.data, f"variables after {self.told}: engine {data}, model {self.model.data}"

    @property
    def _shown(self) -> set[str]:
        return {node.id for node in self.process.everything()}

    def _engine_open(self) -> Counter[str]:
        return Counter(task.element_id for task in api.open_tasks(self.instance))

    def _engine_waits(self) -> Counter[tuple[str, str]]:
        return Counter((wait.kind, wait.element_id) for wait in api.waiting(self.instance))

    def _engine_passed(self) -> Counter[str]:
        rows = api.history(self.instance)
        return Counter(row.element_id for row in rows if row.outcome == "completed" and row.element_id in self._shown)

    def _engine_status(self) -> str:
        return api.get_instance(self.instance).status

    def _actions(self) -> list[Callable[[Draw], None]]:
        found: list[Callable[[Draw], None]] = []
        for one in dict.fromkeys(self.model.open()):
            if not self._ambiguous(one):
                found.append(lambda draw, one=one: self._complete(one, draw))  # type: ignore[misc]
        for kind, element in sorted(self.model.waits()):
            if kind == "message":
                found.append(lambda _draw, element=element: self._message(element))  # type: ignore[misc]
        due = self.model.dues()
        if due and not self._contended(due):
            found.append(lambda _draw: self._fire(*due[0]))
        return found

    def _contended(self, due: list[tuple[float, str]]) -> bool:
        """Different timers are due at one instant: nothing says which comes first."""
        soon = [one for one in due if one[0] <= max(due[0][0], self.model.now)]
        return len({at for at, _name in soon}) < len(set(soon))

    def _ambiguous(self, one: Open) -> bool:
        """Several tokens stand here in different copies of a subprocess that nothing tells apart."""
        same = [other for other in self.model.open() if other == one]
        return len({id(other.body.work.run) for other in same}) > 1

    def _complete(self, one: Open, draw: Draw) -> None:
        scope = one.body.work.run.scope
        leaving = [flow for flow in scope.outgoing(one.element) if flow.chosen]
        for flow in scope.outgoing(one.element):
            leaving += [after for after in scope.outgoing(flow.target) if after.chosen]
        bits = draw(1 << len(leaving)) if leaving else 0
        take = [flow.id for index, flow in enumerate(leaving) if bits >> index & 1]
        self.told.append(f"complete {one.element} {dict(one.path) or ''} {take}")
        values = {f"w_{one.element}": self.count}
        task = next(task for task in self._tasks(one.element) if self._path(task, one))
        data = {**values, "take": {"at": self.count, "flows": take}}
        self.drive.do(lambda: api.complete(task.id, data, actor=NOBODY, now=self.drive.now))
        self.model.complete(one.body, frozenset(take), dict(values))

    def _tasks(self, element: str) -> list[api.TaskView]:
        found = [task for task in api.open_tasks(self.instance) if task.element_id == element]
        return sorted(found, key=lambda task: (task.created_at, task.id))

    def _path(self, task: api.TaskView, one: Open) -> bool:
        if not one.path:
            return True
        data = api.task_data(task.id)
        return all(data.get(f"i_{name}") == item for name, item in one.path)

    def _message(self, element: str) -> None:
        self.told.append(f"message {element}")
        address = {"instance_id": self.instance}
        self.drive.do(lambda: api.publish(f"m_{element}", correlation=address, actor=SYSTEM, now=self.drive.now))
        self.model.message(element)

    def _fire(self, due: float, element: str) -> None:
        self.told.append(f"timer {element}")
        self.drive.clock.advance(max(timedelta(0), timedelta(hours=due) - (self.drive.now - self.began)))
        self.drive.clock.advance(timedelta(milliseconds=10))
        self.model.now = self.hours
        api.fire_timers(self.drive.now)
        for at, name in self.model.dues():
            if at <= self.model.now:  # a step takes a second: others may have become due meanwhile
                self.model.fire(name, at)
