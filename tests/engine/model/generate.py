"""Random diagrams: nested blocks, some of them joined by the wrong gateway, and jumps across them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.engine.model.sketch import Node, Scope

MAX_DEPTH = 3
HANDLED = ("message", "timer", "signal", "error", "escalation")
JUMP_TARGETS = {"user", "task", "exclusive", "message", "timer", "subprocess", "end", "parallel", "inclusive"}


@dataclass
class Drawing:
    """A diagram being drawn. `draw` is hypothesis's."""

    draw: st.DrawFn
    unstructured: bool
    left: int = 14
    count: int = 0
    scopes: list[Scope] = field(default_factory=list)

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def often(self, times: int = 4) -> bool:
        return self.draw(st.integers(0, times)) > 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind[:4]}{self.count}"

    def node(self, scope: Scope, kind: str, **values: object) -> str:
        node = Node(self.name(kind), kind, **values)  # type: ignore[arg-type]
        if kind == "timer" or node.trigger == "timer":
            node.hours = self.count
        return scope.add(node)


Ends = tuple[str, str]


@st.composite
def processes(draw: st.DrawFn, *, unstructured: bool = False) -> Scope:
    """A process that deploys."""
    drawing = Drawing(draw, unstructured)
    scope = _scope(drawing, 0, catches=())
    if unstructured:
        for _ in range(draw(st.integers(1, 3))):
            _jump(drawing, draw(st.sampled_from(drawing.scopes)))
    return scope


def _scope(drawing: Drawing, depth: int, catches: tuple[str, ...], *, handlers: bool = True) -> Scope:
    scope = Scope()
    drawing.scopes.append(scope)
    handled = [kind for kind in HANDLED if handlers and depth < MAX_DEPTH and drawing.draw(st.integers(0, 7)) == 0]
    catches = tuple(sorted({*catches, *handled} & {"error", "escalation"}))
    start = drawing.node(scope, "start")
    first, last = _block(drawing, scope, depth, catches)
    scope.connect(start, first)
    if drawing.often(5):
        scope.connect(last, drawing.node(scope, "end"))
    for trigger in handled:
        _handler(drawing, scope, depth, trigger)
    return scope


def _handler(drawing: Drawing, scope: Scope, depth: int, trigger: str) -> None:
    """An event subprocess of this scope: what happens when its event comes."""
    inner = _scope(drawing, depth + 1, catches=(), handlers=drawing.draw(st.integers(0, 9)) == 0)
    begin = inner.start()
    begin.trigger, begin.hours = trigger, drawing.count if trigger == "timer" else 0
    begin.interrupting = trigger == "error" or drawing.often(1)
    drawing.node(scope, "handler", inner=inner)


def _block(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    """A piece with one way in and one way out. `catches` is what the activities around would catch."""
    drawing.left -= 1
    if drawing.left <= 0 or depth >= MAX_DEPTH:
        return _step(drawing, scope)
    kind = drawing.pick(
        "step", "sequence", "sequence", "choice", "fork", "some", "split", "loop", "inside", "guarded", "several",
        "call", "race", "event", "stop", "signal", "raise",
    )  # fmt: skip
    return _PIECES[kind](drawing, scope, depth, catches)


def _step(drawing: Drawing, scope: Scope, *_: object) -> Ends:
    node = drawing.node(scope, drawing.pick("user", "user", "task"))
    return node, node


def _sequence(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    first, middle = _block(drawing, scope, depth + 1, catches)
    then, last = _block(drawing, scope, depth + 1, catches)
    scope.connect(middle, then)
    return first, last


def _join(drawing: Drawing, scope: Scope, kind: str) -> str:
    if drawing.unstructured and not drawing.often(3):
        kind = drawing.pick("exclusive", "parallel", "inclusive")
    return drawing.node(scope, kind)


def _branches(
    drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...], split: str, join: str, chosen: bool
) -> None:
    for _ in range(drawing.draw(st.integers(2, 3))):
        first, last = _block(drawing, scope, depth + 1, catches)
        scope.connect(split, first, chosen=chosen)
        scope.connect(last, join)


def _chosen(kind: str) -> Callable[[Drawing, Scope, int, tuple[str, ...]], Ends]:
    def piece(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
        ask, split = drawing.node(scope, "user"), drawing.node(scope, kind)
        join = _join(drawing, scope, kind)
        scope.connect(ask, split)
        _branches(drawing, scope, depth, catches, split, join, True)
        scope.nodes[split].default = scope.connect(split, join)
        return ask, join

    return piece


def _fork(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    split, join = drawing.node(scope, "parallel"), _join(drawing, scope, "parallel")
    _branches(drawing, scope, depth, catches, split, join, False)
    return split, join


def _split(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    """Several flows out of a task; conditional ones or not."""
    chosen = drawing.often(1)
    split, join = drawing.node(scope, "user"), _join(drawing, scope, "inclusive" if chosen else "parallel")
    _branches(drawing, scope, depth, catches, split, join, chosen)
    if chosen:
        scope.connect(split, join)
    return split, join


def _loop(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    into = drawing.node(scope, "exclusive")
    first, last = _block(drawing, scope, depth + 1, catches)
    ask, out = drawing.node(scope, "user"), drawing.node(scope, "exclusive")
    after = drawing.node(scope, "task")
    scope.connect(into, first)
    scope.connect(last, ask)
    scope.connect(ask, out)
    scope.connect(out, into, chosen=True)
    scope.nodes[out].default = scope.connect(out, after)
    return into, after


def _inside(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    """A subprocess, mostly with something that interrupts it or runs beside it."""
    wanted = tuple(kind for kind in ("error", "escalation", "message", "timer", "signal") if drawing.often(1))
    inner = _scope(drawing, depth + 1, tuple({*catches, *wanted} & {"error", "escalation"}))
    runs = drawing.draw(st.sampled_from((0, 0, 0, 2, 3)))
    node = drawing.node(scope, "subprocess", inner=inner, runs=runs, sequential=runs > 0 and drawing.often(1))
    return node, _guards(drawing, scope, depth, catches, node, wanted)


def _guarded(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    node = drawing.node(scope, "user")
    return node, _guards(drawing, scope, depth, catches, node, (drawing.pick("message", "timer", "signal"),))


def _guards(
    drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...], host: str, wanted: tuple[str, ...]
) -> str:
    """Boundary events whose paths end for themselves, or meet the main path; returns where that goes on."""
    if not wanted:
        return host
    out = drawing.node(scope, "exclusive")
    scope.connect(host, out)
    for trigger in wanted:
        interrupting = trigger == "error" or drawing.often(1)
        event = drawing.node(scope, "boundary", trigger=trigger, host=host, interrupting=interrupting)
        first, last = _block(drawing, scope, depth + 1, catches)
        scope.connect(event, first)
        if interrupting:
            scope.connect(last, out)
    return out


def _several(drawing: Drawing, scope: Scope, *_: object) -> Ends:
    """A person's step for each of several items."""
    node = drawing.node(scope, "user", runs=drawing.draw(st.integers(1, 3)), sequential=drawing.often(1))
    return node, node


def _call(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    node = drawing.node(scope, "call", inner=_scope(drawing, depth + 1, catches))
    return node, node


def _race(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    """An event gateway: the first of several events decides."""
    gateway, out = drawing.node(scope, "eventBased"), drawing.node(scope, "exclusive")
    for kind in ("message", drawing.pick("timer", "message"), *(["timer"] if drawing.often(1) else [])):
        event = drawing.node(scope, kind)
        first, last = _block(drawing, scope, depth + 1, catches)
        scope.connect(gateway, event)
        scope.connect(event, first)
        scope.connect(last, out)
    return gateway, out


def _event(drawing: Drawing, scope: Scope, *_: object) -> Ends:
    node = drawing.node(scope, drawing.pick("message", "timer"))
    return node, node


def _signal(drawing: Drawing, scope: Scope, *_: object) -> Ends:
    """Someone waits for a signal that a person beside sends, or sends one for others."""
    ask, throw = drawing.node(scope, "user"), drawing.node(scope, "throw")
    scope.connect(ask, throw)
    if drawing.often(1):
        return ask, throw
    split, catch, join = drawing.node(scope, "parallel"), drawing.node(scope, "catch"), drawing.node(scope, "parallel")
    for first, last in ((ask, throw), (catch, catch)):
        scope.connect(split, first)
        scope.connect(last, join)
    return split, join


def _raise(drawing: Drawing, scope: Scope, *_: object) -> Ends:
    """An escalation by the way: whoever catches it may take the path away."""
    ask, escalation = drawing.node(scope, "user"), drawing.node(scope, "escalation")
    scope.connect(ask, escalation)
    return ask, escalation


def _stop(drawing: Drawing, scope: Scope, depth: int, catches: tuple[str, ...]) -> Ends:
    """A way out by choice: an end of this path, of the scope, or an error or escalation for those around."""
    ask, choice, on = drawing.node(scope, "user"), drawing.node(scope, "exclusive"), drawing.node(scope, "task")
    end = drawing.node(scope, drawing.pick("end", "terminate", *catches))
    scope.connect(ask, choice)
    scope.connect(choice, end, chosen=True)
    scope.nodes[choice].default = scope.connect(choice, on)
    return ask, on


_PIECES: dict[str, Callable[[Drawing, Scope, int, tuple[str, ...]], Ends]] = {
    "step": _step, "sequence": _sequence, "choice": _chosen("exclusive"), "some": _chosen("inclusive"), "fork": _fork,
    "split": _split, "loop": _loop, "inside": _inside, "guarded": _guarded, "several": _several, "call": _call,
    "race": _race, "event": _event, "stop": _stop, "signal": _signal, "raise": _raise,
}  # fmt: skip


def _jump(drawing: Drawing, scope: Scope) -> None:
    """A conditional flow from any step of a scope to any other."""
    sources = [node.id for node in scope.nodes.values() if _may_jump(scope, node)]
    targets = [node.id for node in scope.nodes.values() if _may_be_target(scope, node)]
    if sources and targets:
        scope.connect(drawing.draw(st.sampled_from(sources)), drawing.draw(st.sampled_from(targets)), chosen=True)


def _may_jump(scope: Scope, node: Node) -> bool:
    """A flow without condition leaves it too, so that there always is a way on."""
    goes_on = any(not flow.chosen for flow in scope.outgoing(node.id))
    return node.kind == "user" and not node.runs and goes_on


def _may_be_target(scope: Scope, node: Node) -> bool:
    behind_race = any(scope.nodes[flow.source].kind == "eventBased" for flow in scope.incoming(node.id))
    is_split = node.kind in {"parallel", "inclusive"} and len(scope.outgoing(node.id)) > 1
    return node.kind in JUMP_TARGETS and not behind_race and not is_split
