"""A reference model of BPMN 2.0's execution semantics (chapter 13): tokens on flows, activities that hold them.

Written from the standard alone, to be compared with the engine; it knows nothing of trees
of tasks, of rows or of saving. Times are hours since the start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.engine.model.sketch import Flow, Node, Scope

Take = frozenset[str]
Data = dict[str, object]
WAITING_KINDS = {"message", "timer", "catch"}
JOINS = {"parallel", "inclusive"}


@dataclass(eq=False)
class Guard:
    """A boundary event, or the start event of an event subprocess, that waits."""

    node: Node
    due: float | None


@dataclass(eq=False)
class Body:
    """One run of an activity: a person's step, or the tokens inside a subprocess. `item` is its multi-instance item."""

    work: Work
    item: int | None
    data: Data
    run: Run | None = None


@dataclass(eq=False)
class Work:
    """A token held by a node: an activity under way, or an event that is waited for."""

    run: Run
    node: Node
    due: float | None = None
    guards: list[Guard] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    branches: list[tuple[Node, float | None]] = field(default_factory=list)


@dataclass(eq=False)
class Run:
    """A process or subprocess under way: the tokens that wait at joins, and the nodes that hold one."""

    scope: Scope
    data: Data
    body: Body | None = None
    waiting: Counter[str] = field(default_factory=Counter)
    works: list[Work] = field(default_factory=list)
    handlers: list[tuple[Node, Guard]] = field(default_factory=list)
    over: bool = False

    def path(self) -> tuple[tuple[str, int], ...]:
        """The multi-instance items of the activities it is inside of."""
        if self.body is None:
            return ()
        work = self.body.work
        own = ((work.node.id, self.body.item),) if self.body.item is not None else ()
        return work.run.path() + own


@dataclass(frozen=True)
class Open:
    """A step that waits for a person; `path` tells the runs of a multi-instance activity apart."""

    element: str
    path: tuple[tuple[str, int], ...]
    body: Body = field(compare=False, hash=False)


class Model:
    """One process instance. `now` is set by whoever drives it.

    `ordered` becomes False where one path is on its way twice, so that no order says whose
    variables count. `raced` becomes True where a scope was ended in the very moment in which
    other tokens moved, or an inclusive gateway in it could go on: the standard leaves open
    which comes first.
    """

    def __init__(self, process: Scope) -> None:
        self.now = 0.0
        self.passed: Counter[str] = Counter()
        self.data: Data = {}
        self.ordered = True
        self.raced = False
        self._several = False
        self._arriving: list[tuple[Run, Flow, Take]] = []
        self.top = Run(process, self.data)
        self._begin(self.top)
        self._settle()

    # what can be seen

    @property
    def ended(self) -> bool:
        return self.top.over

    def open(self) -> list[Open]:
        """The steps that wait for a person, the oldest first within a scope."""
        return [
            Open(work.node.id, work.run.path() + (((work.node.id, body.item),) if body.item is not None else ()), body)
            for work in self._works(self.top)
            if work.node.kind == "user"
            for body in work.bodies
        ]

    def waits(self) -> Counter[tuple[str, str]]:
        """What is waited for besides people, by kind and element."""
        return Counter((kind, node.id) for kind, node, _due in self._awaited())

    def dues(self) -> list[tuple[float, str]]:
        """The waiting timers, the next first."""
        return sorted((due, node.id) for kind, node, due in self._awaited() if kind == "timer" and due is not None)

    # what can happen

    def complete(self, body: Body, take: Take, values: Data) -> None:
        body.data.update(values)
        self._body_done(body, take)
        self._settle()

    def message(self, element: str) -> None:
        """A message comes: everything that waits for it gets it."""
        self._offer_all(element, "message")
        self._settle()

    def fire(self, element: str, due: float) -> None:
        """A timer is due."""
        self._offer_all(element, "timer", due)
        self._settle()

    # tokens

    def _begin(self, run: Run) -> None:
        inner = [(node, node.inner.start()) for node in run.scope.handlers() if node.inner is not None]
        run.handlers = [(node, Guard(start, self._due(start))) for node, start in inner]
        self._leave(run, run.scope.start(), frozenset())

    def _settle(self) -> None:
        """Move tokens until every one of them waits; then inclusive gateways, as they look at all the others."""
        self._several = False
        while not self.top.over:
            self._several = self._several or len(self._arriving) > 1
            if self._arriving:
                run, flow, take = self._arriving.pop(0)
                if not run.over:
                    self._arrive(run, run.scope.nodes[flow.target], flow, take)
            elif not self._finish_scope() and not self._fire_inclusive():
                break
        self._several = False

    def _leave(self, run: Run, node: Node, take: Take) -> None:
        self.passed[node.id] += 1
        self._arriving += [(run, flow, take) for flow in chosen(run.scope, node, take)]

    def _arrive(self, run: Run, node: Node, flow: Flow, take: Take) -> None:
        if node.kind in JOINS and len(run.scope.incoming(node.id)) > 1:
            run.waiting[flow.id] += 1
            if node.kind == "parallel":
                self._fire_parallel(run, node)
        elif node.kind in {"user", "subprocess", "call"}:
            self._start_activity(run, node)
        elif node.kind in WAITING_KINDS:
            run.works.append(Work(run, node, self._due(node)))
        elif node.kind == "eventBased":
            events = [run.scope.nodes[flow.target] for flow in run.scope.outgoing(node.id)]
            run.works.append(Work(run, node, branches=[(event, self._due(event)) for event in events]))
        else:
            self._pass(run, node, take)

    def _pass(self, run: Run, node: Node, take: Take) -> None:
        """Nodes that hold no token: what they do, and on."""
        self._leave(run, node, take)
        if node.kind == "terminate":
            self._stop(run)
            self._run_done(run)
        elif node.kind == "throw":
            self._offer_all("", "signal")
        elif node.kind in {"error", "escalation"}:
            self._offer(run, node.kind)

    def _fire_parallel(self, run: Run, node: Node) -> None:
        incoming = run.scope.incoming(node.id)
        if all(run.waiting[flow.id] for flow in incoming):
            run.waiting.subtract({flow.id: 1 for flow in incoming})
            self._leave(run, node, frozenset())

    def _fire_inclusive(self) -> bool:
        for run in self._runs(self.top):
            for node in run.scope.nodes.values():
                if node.kind == "inclusive" and self._may_fire(run, node):
                    arrived = [flow.id for flow in run.scope.incoming(node.id) if run.waiting[flow.id]]
                    run.waiting.subtract({flow: 1 for flow in arrived})
                    self._leave(run, node, frozenset())
                    return True
        return False

    def _may_fire(self, run: Run, node: Node) -> bool:
        """No token elsewhere can still reach an empty input without also being able to reach one that has a token."""
        incoming = {flow.id for flow in run.scope.incoming(node.id)}
        arrived = {flow for flow in incoming if run.waiting[flow]}
        if not arrived or len(incoming) == 1:
            return False
        for starts in self._positions(run, node):
            reached = reachable(run.scope, starts, node) & incoming
            if reached - arrived and not reached & arrived:
                return False
        return True

    def _positions(self, run: Run, join: Node) -> Iterator[list[str]]:
        """For each token of this scope, the nodes it goes to next."""
        for flow_id, count in run.waiting.items():
            target = run.scope.flows[flow_id].target
            if count and target != join.id:
                yield [target]
        for work in run.works:
            yield [work.node.id, *(guard.node.id for guard in work.guards)]

    # activities

    def _start_activity(self, run: Run, node: Node) -> None:
        work = Work(run, node, left=list(range(1, node.runs + 1)))
        work.guards = [Guard(boundary, self._due(boundary)) for boundary in run.scope.boundaries(node.id)]
        run.works.append(work)
        if not node.runs:
            self._start_body(work, None)
        elif node.sequential:
            self._start_body(work, work.left.pop(0))
        else:
            items, work.left = work.left, []
            for item in items:
                self._start_body(work, item)

    def _start_body(self, work: Work, item: int | None) -> None:
        own_data = item is not None or work.node.kind == "call"
        body = Body(work, item, {} if own_data else work.run.data)
        work.bodies.append(body)
        if work.node.inner is not None:
            body.run = Run(work.node.inner, body.data, body)
            self._begin(body.run)

    def _body_done(self, body: Body, take: Take) -> None:
        work = body.work
        work.bodies.remove(body)
        if body.data is not work.run.data:
            work.run.data.update(body.data)
        if work.node.runs:
            self.passed[work.node.id] += 1
        if work.left:
            self._start_body(work, work.left.pop(0))
        elif not work.bodies:
            work.run.works.remove(work)
            self.passed[work.node.id] -= 1 if work.node.runs else 0
            self._leave(work.run, work.node, take)

    def _finish_scope(self) -> bool:
        """End the innermost scope without tokens."""
        for run in reversed(list(self._runs(self.top))):
            if not run.works and not run.waiting.total():
                self._run_done(run)
                return True
        return False

    def _run_done(self, run: Run) -> None:
        run.over = True
        if run.body is not None:
            self._body_done(run.body, frozenset())

    def _stop(self, run: Run) -> None:
        """Take every token of a scope away, those on their way included, and those inside it."""
        self.raced = self.raced or self._several
        stopped = list(self._runs(run))
        self._arriving = [one for one in self._arriving if one[0] not in stopped]
        for inner in stopped:
            self.raced = self.raced or any(
                inner.waiting[flow] and self._is_inclusive(inner, flow) for flow in inner.waiting
            )
            inner.over = True
            inner.works.clear()
            inner.waiting.clear()
            inner.handlers.clear()

    def _is_inclusive(self, run: Run, flow_id: str) -> bool:
        return run.scope.nodes[run.scope.flows[flow_id].target].kind == "inclusive"

    # events

    def _offer_all(self, element: str, kind: str, due: float | None = None) -> None:
        """Give an event to all that waited for it when it came.

        First to tokens that stand at it; then to what may take a scope away, the outermost first.
        """
        works = list(self._works(self.top))
        scopes = [
            (run, list(run.handlers), [(work, list(work.guards)) for work in run.works]) for run in self._runs(self.top)
        ]
        for work in works:
            self._receive(work, element, kind, due)
        for run, handlers, activities in scopes:
            for node, guard in handlers:
                if _guards(guard, element, kind, due) and (node, guard) in run.handlers:
                    self._handle(run, node, guard)
            for work, guards in activities:
                for guard in guards:
                    if _guards(guard, element, kind, due) and work in run.works and guard in work.guards:
                        self._trigger(work, guard)

    def _handle(self, run: Run, node: Node, guard: Guard) -> None:
        """Start an event subprocess; an interrupting one is then all that is left of its scope."""
        if guard.node.interrupting:
            self._stop(run)
            run.over = False
        elif guard.node.trigger == "timer":
            run.handlers.remove((node, guard))
        else:
            self.ordered = self.ordered and not self.passed[guard.node.id]
        work = Work(run, node)
        run.works.append(work)
        self._start_body(work, None)

    def _receive(self, work: Work, element: str, kind: str, due: float | None = None) -> None:
        """Give an event to a node that holds a token."""
        if work not in work.run.works or work.run.over:
            return
        if _meets(work.node, work.due, element, kind, due):
            work.run.works.remove(work)
            self._leave(work.run, work.node, frozenset())
        for event, event_due in work.branches:
            if work in work.run.works and _meets(event, event_due, element, kind, due):
                work.run.works.remove(work)
                self.passed[work.node.id] += 1
                self._leave(work.run, event, frozenset())

    def _trigger(self, work: Work, guard: Guard) -> None:
        if guard.node.interrupting:
            for body in work.bodies:
                if body.run is not None:
                    self._stop(body.run)
            work.run.works.remove(work)
        elif guard.node.trigger == "timer":
            work.guards.remove(guard)
        else:
            self.ordered = self.ordered and not self.passed[guard.node.id]
        self._leave(work.run, guard.node, frozenset())

    def _offer(self, run: Run, kind: str) -> None:
        """An error or escalation goes outward to the nearest activity that catches it."""
        if self._handled(run, kind):
            return
        body = run.body
        while body is not None:
            caught = [guard for guard in body.work.guards if guard.node.trigger == kind]
            if caught:
                self._trigger(body.work, caught[0])
                return
            if self._handled(body.work.run, kind):
                return
            body = body.work.run.body

    def _handled(self, run: Run, kind: str) -> bool:
        """Whether an event subprocess of this scope takes an error or escalation."""
        for node, guard in run.handlers:
            if guard.node.trigger == kind:
                self._handle(run, node, guard)
                return True
        return False

    def _due(self, node: Node) -> float | None:
        return self.now + node.hours if node.kind == "timer" or node.trigger == "timer" else None

    def _awaited(self) -> Iterator[tuple[str, Node, float | None]]:
        for work in self._works(self.top):
            events = [(work.node, work.due), *work.branches]
            yield from ((kind, node, due) for node, due in events if (kind := _kind(node)))
            for guard in work.guards:
                if guard.node.trigger in {"timer", "message", "signal"}:
                    yield guard.node.trigger, guard.node, guard.due

        for run in self._runs(self.top):
            for _node, guard in run.handlers:
                if guard.node.trigger in {"timer", "message", "signal"}:
                    yield guard.node.trigger, guard.node, guard.due

    def _runs(self, run: Run) -> Iterator[Run]:
        if run.over:
            return
        yield run
        for work in run.works:
            for body in work.bodies:
                if body.run is not None:
                    yield from self._runs(body.run)

    def _works(self, run: Run) -> Iterator[Work]:
        return (work for one in self._runs(run) for work in one.works)


def chosen(scope: Scope, node: Node, take: Take) -> list[Flow]:
    """The flows a token leaves by."""
    leaving = scope.outgoing(node.id)
    taken = [flow for flow in leaving if flow.chosen and flow.id in take]
    if node.kind in {"exclusive", "inclusive"} and node.default:
        default = [scope.flows[node.default]]
        return (taken[:1] if node.kind == "exclusive" else taken) or default
    if node.kind == "eventBased":
        return []
    return [flow for flow in leaving if not flow.chosen or flow.id in take]


def reachable(scope: Scope, starts: list[str], join: Node) -> set[str]:
    """The flows that can be reached from these nodes without passing the join; boundary events lead on too."""
    seen: set[str] = set()
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        node_id = waiting.pop()
        if node_id in seen or node_id == join.id:
            continue
        seen.add(node_id)
        leaving = scope.outgoing(node_id)
        found |= {flow.id for flow in leaving}
        waiting += [flow.target for flow in leaving] + [node.id for node in scope.boundaries(node_id)]
    return found


def _kind(node: Node) -> str:
    return {"message": "message", "timer": "timer", "catch": "signal"}.get(node.kind, "")


def _meets(node: Node, own_due: float | None, element: str, kind: str, due: float | None) -> bool:
    return _kind(node) == kind and own_due == due and (kind == "signal" or node.id == element)


def _guards(guard: Guard, element: str, kind: str, due: float | None) -> bool:
    named = kind == "signal" or guard.node.id == element
    return guard.node.trigger == kind and named and guard.due == due
