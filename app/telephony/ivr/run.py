"""One step of the interpreter under way: entering nodes until one waits or the call is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.feel import FeelError
from app.telephony.ivr import commands as command_kinds
from app.telephony.ivr.commands import Command, Enter, Hangup, name_of
from app.telephony.ivr.events import Event
from app.telephony.ivr.flow import Flow, FlowSet, Node, Target
from app.telephony.ivr.moment import Deed, Descend, Fail, Go, Misfit, Moment, Over, Step, Wait
from app.telephony.ivr.state import Frame, State, changed
from app.telephony.ivr.values import NotPlain, clean
from app.telephony.ivr.verbs import VERBS
from app.telephony.ivr.verbs.subflow import label_of

MAX_SILENT = 400
"""Nodes entered since the caller last did something."""
MAX_STEPS = 5_000
"""Nodes entered in one call."""
MAX_ERRORS = 5
"""Errors met in one call."""
MAX_DEPTH = 8
"""Subflows inside each other."""
MAX_TRAIL = 20
"""Menus that `back` remembers."""

NEEDS_CALLER = frozenset(
    name_of(kind)
    for kind in vars(command_kinds).values()
    if isinstance(kind, type) and issubclass(kind, Command) and kind.needs_caller
)
"""Names of commands that make no sense once the caller is gone."""


class Run:
    """A step under way; the only thing here that changes is this object."""

    def __init__(self, flows: FlowSet, state: State, now: datetime) -> None:
        self.flows = flows
        self.state = changed(state, left=())
        self.now = now
        self.commands: list[Command] = []
        self._next: tuple[Target, str] | None = None

    def result(self) -> tuple[State, tuple[Command, ...]]:
        """The state and the commands; to be asked once."""
        self._walk()
        return self.state, tuple(self.commands)

    # What the machine asks for

    def enter(self, node: str) -> None:
        """Go to a node of the flow at hand."""
        self._next = (Target("node", node), "")

    def resume(self, event: Event) -> None:
        """Give the node at hand its answer."""
        moment = self._moment()
        verb = VERBS[moment.node.kind]
        self._taken(moment, lambda: verb.resume(moment, event))

    def after_hangup(self) -> None:
        """The caller is gone and nothing more can be said: go to the handler, or end."""
        self._next = None
        self.state = changed(self.state, pending=0, waits_for="")
        if self.state.after:
            self._end()
            return
        self.state = changed(self.state, after=True)
        for depth in range(len(self.state.frames), 0, -1):
            flow = self.flows[self.state.frames[depth - 1].flow]
            target = flow.handlers.on_hangup
            if target is not None:
                self.state = changed(self.state, frames=self.state.frames[:depth])
                self._next = (target, "hangup")
                return
        if self.flows.defaults.on_hangup is not None:
            self._next = (self.flows.defaults.on_hangup, "hangup")
        else:
            self._end()

    # Walking

    def _walk(self) -> None:
        while self._next is not None and not self.state.ended:
            target, label = self._next
            self._next = None
            self._go(target, label)

    def _go(self, target: Target, label: str) -> None:
        match target:
            case Target("node", name):
                self._enter(name, label)
            case Target("flow", name):
                self._leap(name, label)
            case Target("return", name):
                self._return(name)
            case Target("back"):
                self._back()
            case _:
                self._over("NORMAL_CLEARING")

    def _enter(self, name: str, label: str) -> None:
        before = self.state.frames[-1]
        flow = self.flows[before.flow]
        node = flow.nodes.get(name)
        if node is None:
            self._over("NORMAL_TEMPORARY_FAILURE")
            return
        state = self.state
        frame = changed(before, node=name, scratch={}, trail=_trail(before, node))
        self.state = changed(
            state,
            frames=(*state.frames[:-1], frame),
            steps=state.steps + 1,
            silent=state.silent + 1,
            last=f"{before.flow}/{name}",
        )
        moment = self._moment()
        self.commands.append(moment.make(Enter, verb=node.kind, exit=label, came_from=state.last))
        if self.state.silent > MAX_SILENT or self.state.steps > MAX_STEPS:
            self._save_id(moment)
            self._over("NORMAL_TEMPORARY_FAILURE")
            return
        self._taken(moment, lambda: VERBS[node.kind].enter(moment))

    def _leap(self, name: str, label: str) -> None:
        """To another flow, without coming back from it: what was on top of the calls is replaced."""
        if name not in self.flows:
            self._over("NORMAL_TEMPORARY_FAILURE")
            return
        flow, variables = self.flows[name], self.state.variables
        inputs = {key: variables.get(key, default) for key, default in flow.inputs.items()}
        frame = Frame(name, "", {**flow.variables, **inputs})
        self.state = changed(self.state, frames=(frame,))
        self._next = (Target("node", flow.start), label)

    def _descend(self, wanted: Descend) -> None:
        if wanted.flow not in self.flows or len(self.state.frames) >= MAX_DEPTH:
            self._failed("unknown_flow" if wanted.flow not in self.flows else "too_deep")
            return
        flow = self.flows[wanted.flow]
        inputs = {key: wanted.inputs.get(key, default) for key, default in flow.inputs.items()}
        frame = Frame(flow.name, "", {**flow.variables, **inputs})
        self.state = changed(self.state, frames=(*self.state.frames, frame))
        self._next = (Target("node", flow.start), "down")

    def _return(self, exit_name: str) -> None:
        if len(self.state.frames) < 2:
            self._over("NORMAL_CLEARING")
            return
        *rest, caller, done = self.state.frames
        node = self.flows[caller.flow].nodes[caller.node]
        outputs = node.spec.get("outputs", {})
        allowed = self.flows[done.flow].outputs
        sets = {mine: done.variables.get(theirs) for mine, theirs in outputs.items() if theirs in allowed}
        caller = changed(caller, variables={**caller.variables, **sets})
        hidden = [mine for mine, theirs in outputs.items() if theirs in self.state.masked]
        masked = tuple(dict.fromkeys((*self.state.masked, *hidden)))
        self.state = changed(self.state, frames=(*rest, caller), masked=masked, last=f"{caller.flow}/{caller.node}")
        self._leave(label_of(exit_name))

    def _back(self) -> None:
        """To the menu before this one; out of a subflow where it has none; else the node at hand again."""
        frames = self.state.frames
        frame = frames[-1]
        trail = frame.trail[:-1] if frame.trail and frame.trail[-1] == frame.node else frame.trail
        if trail:
            self.state = changed(self.state, frames=(*frames[:-1], changed(frame, trail=trail)))
            self._next = (Target("node", trail[-1]), "back")
        elif len(frames) > 1:
            self.state = changed(self.state, frames=frames[:-1])
            if frames[-2].trail:
                self._next = (Target("node", frames[-2].trail[-1]), "back")
            else:
                self._next = (Target("back"), "back")
        else:
            self._next = (Target("node", frame.trail[-1] if frame.trail else frame.node), "back")

    # What a verb answered

    def _taken(self, moment: Moment, act: Callable[[], Step]) -> None:
        """Do what a verb says; whatever it cannot do is an error of the flow and never of the program."""
        try:
            step: Step = act()
            if isinstance(step, Go):
                sets = clean(step.sets)
                step = replace(step, sets=sets) if sets != step.sets else step
        except Misfit as error:
            step = Fail(error.code)
        except NotPlain:
            step = Fail("bad_result")
        except FeelError:
            step = Fail("expression")
        self._save_id(moment)
        self._carry_out(step)

    def _carry_out(self, step: Step) -> None:
        match step:
            case Go():
                self._gone_on(step)
            case Wait():
                self._wait(step)
            case Fail(error):
                self._failed(error)
            case Descend():
                self._descend(step)
            case Deed(target):
                self._next = (target, str(target))
            case Over(cause):
                self._over(cause)

    def _gone_on(self, step: Go) -> None:
        frame = self.state.frames[-1]
        frame = changed(
            frame,
            variables={**frame.variables, **step.sets},
            loops=frame.loops if step.loops is None else step.loops,
        )
        self.state = changed(
            self.state,
            frames=(*self.state.frames[:-1], frame),
            language=step.language or self.state.language,
            identified=step.identified or self.state.identified,
            masked=tuple(dict.fromkeys((*self.state.masked, *step.mask))),
            typed=step.typed,
        )
        self.commands += step.emits
        self._leave(step.exit)

    def _leave(self, label: str) -> None:
        frame = self.state.frames[-1]
        flow = self.flows[frame.flow]
        node = flow.nodes[frame.node]
        for found in VERBS[node.kind].exits(node, flow, self.flows):
            if found.label == label:
                self._note(frame, label)
                self._next = (found.target, label)
                return
        if label == "error":
            self._over("NORMAL_TEMPORARY_FAILURE")
        else:
            self._failed("no_exit")

    def _wait(self, step: Wait) -> None:
        name = name_of(type(step.command))
        if self.state.gone and name in NEEDS_CALLER:
            self.after_hangup()
            return
        frame = changed(self.state.frames[-1], scratch=clean(step.scratch))
        self.commands.append(step.command)
        self.state = changed(
            self.state,
            frames=(*self.state.frames[:-1], frame),
            pending=step.command.id,
            waits_for=name,
            typed="",
        )

    def _failed(self, error: str) -> None:
        """To the error exit of the node, or of those that called its flow; else the call ends."""
        errors = self.state.errors + 1
        self.state = changed(self.state, errors=errors, typed="")
        if errors > MAX_ERRORS:
            self._over("NORMAL_TEMPORARY_FAILURE")
            return
        for depth in range(len(self.state.frames), 0, -1):
            frame = self.state.frames[depth - 1]
            flow = self.flows[frame.flow]
            labels = ("timeout", "error") if error == "timeout" and depth == len(self.state.frames) else ("error",)
            target, label = self._handler(flow, flow.nodes[frame.node], labels)
            if target is not None:
                self._note(frame, label)
                self.state = changed(self.state, frames=self.state.frames[:depth])
                self._next = (target, label)
                return
        self._over("NORMAL_TEMPORARY_FAILURE")

    def _handler(self, flow: Flow, node: Node, labels: tuple[str, ...]) -> tuple[Target | None, str]:
        exits = VERBS[node.kind].error_exits(node, flow, self.flows)
        for label in labels:
            for found in exits:
                if found.label == label:
                    return found.target, label
        return None, ""

    # Ends

    def _over(self, cause: str | None) -> None:
        """Hang up (or, without a cause, let go). A call whose caller is gone still tells its handler."""
        if self.state.gone and not self.state.after:
            self.after_hangup()
            return
        if cause is not None and not self.state.gone:
            moment = self._moment()
            self.commands.append(moment.make(Hangup, cause=cause))
            self._save_id(moment)
        self._end()

    def _end(self) -> None:
        self._next = None
        self.state = changed(self.state, ended=True, pending=0, waits_for="", typed="")

    # The moment

    def _moment(self) -> Moment:
        state = self.state
        frame = state.frames[-1]
        flow = self.flows[frame.flow]
        return Moment(
            flows=self.flows,
            flow=flow,
            node=flow.nodes.get(frame.node) or Node(frame.node, "", {}),
            variables=frame.variables,
            call={**state.call, "hangup_cause": state.gone or None},
            language=state.language,
            identified=state.identified,
            scratch=frame.scratch,
            loops=frame.loops,
            typed=state.typed,
            now=self.now,
            next_id=state.next_id,
        )

    def _note(self, frame: Frame, label: str) -> None:
        self.state = changed(self.state, left=(*self.state.left, f"{frame.flow}/{frame.node}:{label}"))

    def _save_id(self, moment: Moment) -> None:
        self.state = changed(self.state, next_id=moment.next_id)


def _trail(frame: Frame, node: Node) -> tuple[str, ...]:
    """The menus passed, with this one; one that was passed before leads back to where it stood."""
    if node.kind != "menu":
        return frame.trail
    if node.name in frame.trail:
        return frame.trail[: frame.trail.index(node.name) + 1]
    return (*frame.trail, node.name)[-MAX_TRAIL:]
