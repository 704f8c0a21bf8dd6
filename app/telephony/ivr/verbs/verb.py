"""What every verb (kind of node) is: a schema, its exits, and what it does on entry and on an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from app.telephony.ivr.events import Done, Event, Failed
from app.telephony.ivr.fields import Line, Registered, Seconds, Strict, TargetField, Variable
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node, Target
from app.telephony.ivr.moment import Fail, Go, Misfit, Moment, Step
from app.telephony.ivr.values import NotPlain, clean


class NodeSchema(Strict):
    """Keys that every node has."""

    kind = Registered(required=True)
    title = Line(load_default="")
    title_en = Line(load_default="")
    note = Line(load_default="")


class NextSchema(NodeSchema):
    """A node that goes on to `next`."""

    next = TargetField(required=True)


class EffectSchema(NextSchema):
    """A node whose command may fail."""

    on_error = TargetField()


class AskingSchema(EffectSchema):
    """A node that asks another system and waits."""

    into = Variable()
    timeout = Seconds(0.5, 60, load_default=5.0)
    on_timeout = TargetField()


class Verb:
    """A kind of node. `needs_caller`: makes no sense once the caller is gone. `effect`: its command may fail."""

    kind: ClassVar[str]
    title: ClassVar[Any]
    icon: ClassVar[str]
    """An icon of the front end's set, for the picture."""
    schema: ClassVar[type[NodeSchema]]
    needs_caller: ClassVar[bool] = False
    effect: ClassVar[bool] = False
    takes_input: ClassVar[frozenset[str]] = frozenset()
    """Kinds of exits that only a key of the caller leads to."""
    local_names: ClassVar[frozenset[str]] = frozenset()
    """Names that its expressions may use beside variables."""

    def exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        """Every way out, those that the flow or the defaults state included."""
        own = self.own_exits(node, flow, flows)
        return (*own, *self.error_exits(node, flow, flows)) if self.effect else own

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        """The ways out that are not errors."""
        return optional(node, "next")

    def error_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        """Where it leads when the command fails."""
        late = node.spec.get("on_timeout")
        found = [Exit("timeout", late, "error")] if late else []
        own = node.spec.get("on_error")
        target = own or flows.on_error(flow)
        if target and not (own is None and target == Target("flow", flow.name)):
            found.append(Exit("error", target, "error", own=own is not None))
        return tuple(found)

    def silent(self, exit_: Exit, node: Node) -> bool:
        """Whether the exit can be taken without the caller doing anything."""
        return exit_.kind not in self.takes_input

    def enter(self, moment: Moment) -> Step:
        """What happens on entry."""
        raise NotImplementedError

    def resume(self, moment: Moment, event: Event) -> Step:
        """What follows the answer to the command that `enter` or `resume` waited for."""
        match event:
            case Done():
                return self.done(moment, event)
            case Failed(error=error):
                return Fail(error)
            case _:
                return Fail("unexpected")

    def done(self, moment: Moment, event: Done) -> Step:
        """What follows success: by default the result goes under `into`."""
        return Go(sets=kept(moment, event))

    def sets(self, node: Node) -> Iterable[str]:
        """The variables that it sets."""
        into = node.spec.get("into")
        return [into] if into else []


def kept(moment: Moment, event: Done) -> dict[str, Any]:
    """The result of a command under the variable that the node names."""
    into = moment.spec.get("into")
    return {into: plain(event.result)} if into else {}


def plain(value: Any) -> Any:
    """A result as a flow can hold it. Raises Misfit."""
    try:
        return clean(value)
    except NotPlain:
        raise Misfit("bad_result") from None


def optional(node: Node, *labels: str) -> tuple[Exit, ...]:
    """Exits that the node states under these keys."""
    return tuple(Exit(label, node.spec[label]) for label in labels if node.spec.get(label) is not None)
