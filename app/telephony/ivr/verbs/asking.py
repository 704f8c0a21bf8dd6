"""What `menu`, `gather` and `survey` share: they ask for keys, count misses apart, know keys that hold everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from app.telephony.ivr.commands import Gather
from app.telephony.ivr.digits import KEYS, fits
from app.telephony.ivr.events import Digits, Event, NoInput, WrongInput
from app.telephony.ivr.fields import MissesSchema, PiecesField, Seconds, TargetField, Truth
from app.telephony.ivr.flow import Exit, ExitKind, Flow, FlowSet, Misses, Node, Target
from app.telephony.ivr.moment import Deed, Go, Moment, Step, Wait
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.verbs.verb import NodeSchema, Verb, optional

MAX_REPEATS = 10
"""How often a caller may have a question repeated; then repeating counts as a wrong input."""


class QuestionSchema(NodeSchema):
    """`keys: false` takes the keys that hold everywhere away from this node."""

    prompt = PiecesField(needed=True)
    barge_in = Truth(load_default=True)
    first_timeout = Seconds(1, 60)
    digit_timeout = Seconds(0.5, 30)
    no_input = fields.Nested(MissesSchema)
    wrong_input = fields.Nested(MissesSchema)
    keys = Truth(load_default=True)
    on_error = TargetField()


class Question(Verb):
    """A node that asks for keys."""

    needs_caller = True
    effect = True
    takes_input = frozenset({"next", "choice", "wrong_input"})

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        """Choices, then the keys that hold everywhere, then the ways out without input and with a wrong one."""
        keys = ordinary_keys(node, flow, flows, self.own_keys(node))
        return (
            *self.choices(node),
            *(Exit(f"key {key}", target, "choice", own=False) for key, target in keys.items() if is_exit(target)),
            *miss_exits(node, flow, flows),
        )

    def choices(self, node: Node) -> tuple[Exit, ...]:
        """Where the answers lead."""
        return optional(node, "next")

    def own_keys(self, node: Node) -> str:
        """The keys that mean something of the node's own, so that they have no other meaning here."""
        raise NotImplementedError

    def gather(self, moment: Moment, pieces: tuple[Piece, ...]) -> Gather:
        """The command that asks."""
        raise NotImplementedError

    def answered(self, moment: Moment, value: str) -> Step:
        """What an input leads to that fits in length and pattern."""
        raise NotImplementedError

    def enter(self, moment: Moment) -> Step:
        return self.ask(moment, {})

    def ask(self, moment: Moment, scratch: Mapping[str, Any], before: tuple[Piece, ...] = ()) -> Step:
        """Ask, after what is to be said before."""
        return Wait(self.gather(moment, (*before, *moment.pieces(moment.spec["prompt"]))), scratch)

    def resume(self, moment: Moment, event: Event) -> Step:
        match event:
            case NoInput():
                return self.missed(moment, "no_input")
            case WrongInput():
                return self.missed(moment, "wrong_input")
            case Digits(value=value, terminator=terminator):
                return self.taken(moment, value, terminator)
            case _:
                return super().resume(moment, event)

    def taken(self, moment: Moment, value: str, terminator: str) -> Step:
        """Keys came. Nothing about them is believed before it is checked."""
        keys = ordinary_keys(moment.node, moment.flow, moment.flows, self.own_keys(moment.node))
        if terminator in keys:
            return self.deed(moment, terminator, keys[terminator])
        asked = self.gather(moment, ())
        if not value and not terminator:
            return self.missed(moment, "no_input")
        long_enough = asked.min <= len(value) <= asked.max and set(value) <= set(KEYS)
        if not long_enough or (asked.pattern and not fits(value, asked.pattern)):
            return self.missed(moment, "wrong_input")
        return self.deed(moment, value, keys[value]) if value in keys else self.answered(moment, value)

    def deed(self, moment: Moment, key: str, target: Target) -> Step:
        """One of the keys that hold everywhere."""
        if target.kind == "repeat":
            repeats = moment.scratch.get("repeats", 0) + 1
            if repeats > MAX_REPEATS:
                return self.missed(moment, "wrong_input")
            return self.ask(moment, {**moment.scratch, "repeats": repeats})
        return Deed(target) if target.kind == "back" else Go(f"key {key}")

    def missed(self, moment: Moment, kind: str) -> Step:
        """No input or a wrong one: each has its own counter and its own way out."""
        misses = misses_of(moment.node, moment.flow, moment.flows, kind)
        count = moment.scratch.get(kind, 0) + 1
        if count >= misses.tries:
            return Go(kind)
        return self.ask(moment, {**moment.scratch, kind: count}, moment.pieces(misses.prompt))


def misses_of(node: Node, flow: Flow, flows: FlowSet, kind: str) -> Misses:
    """What holds for a node: what it says itself, for what it leaves open the flow, then the defaults."""
    stated = [
        misses
        for misses in (node.spec.get(kind), getattr(flow.handlers, kind), getattr(flows.defaults, kind))
        if misses is not None
    ]
    if not stated:
        return Misses(3, (), None)
    prompt = next((misses.prompt for misses in stated if misses.prompt), ())
    return Misses(stated[0].tries, prompt, next((misses.goto for misses in stated if misses.goto), None))


def miss_exits(node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
    """The ways out without input and with a wrong one, as far as they are stated anywhere."""
    found = []
    kinds: tuple[tuple[str, ExitKind], ...] = (("no_input", "no_input"), ("wrong_input", "wrong_input"))
    for label, kind in kinds:
        target = misses_of(node, flow, flows, label).goto
        own = node.spec.get(label)
        if target is not None:
            found.append(Exit(label, target, kind, own=own is not None and own.goto is not None))
    return tuple(found)


def ordinary_keys(node: Node, flow: Flow, flows: FlowSet, own: str) -> dict[str, Target]:
    """The keys that hold everywhere and have no other meaning at this node."""
    if not node.spec["keys"]:
        return {}
    return {key: target for key, target in flows.keys_of(flow).items() if key not in own}


def is_exit(target: Target) -> bool:
    """Whether a key leads elsewhere."""
    return target.kind not in ("repeat", "back")
