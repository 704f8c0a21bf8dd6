"""`gather`: take digits, check them, read them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validate, validates_schema

from app.telephony.ivr.commands import Gather, Lookup
from app.telephony.ivr.events import Digits, Done, Event
from app.telephony.ivr.fields import (
    NUMBER_OF,
    ExprField,
    Exprs,
    Pattern,
    PiecesField,
    Registered,
    Seconds,
    Strict,
    TargetField,
    Terminators,
    Truth,
    Variable,
    Whole,
)
from app.telephony.ivr.flow import Node
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.verbs.asking import Question, QuestionSchema, misses_of, ordinary_keys
from app.telephony.ivr.verbs.verb import plain


class CheckSchema(Strict):
    """A look-up that says whether the digits are right: `valid` over `result` and `value`."""

    lookup = Registered(required=True)
    inputs = Exprs(load_default=dict)
    into = Variable()
    timeout = Seconds(0.5, 60, load_default=5.0)
    valid = ExprField(required=True)


class ConfirmSchema(Strict):
    """Read back: `yes` takes the digits, `no` asks again."""

    prompt = PiecesField(needed=True)
    yes = Terminators(load_default="1", validate=validate.Length(equal=1, error=NUMBER_OF))
    no = Terminators(load_default="2", validate=validate.Length(equal=1, error=NUMBER_OF))

    @validates_schema
    def apart(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """One key cannot mean both."""
        if data.get("yes") == data.get("no"):
            raise ValidationError(_("must be two different keys"), "no")


class GatherSchema(QuestionSchema):
    """Digits under `into`, as text. `valid` is an expression over `value`, `check` a look-up, `confirm` reads back."""

    next = TargetField(required=True)
    into = Variable(required=True)
    min = Whole(1, 40, load_default=1)
    max = Whole(1, 40, required=True)
    terminators = Terminators(load_default="#")
    pattern = Pattern(load_default="")
    mask = Truth(load_default=False)
    valid = ExprField()
    check = fields.Nested(CheckSchema)
    confirm = fields.Nested(ConfirmSchema)

    @validates_schema
    def lengths(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """No more must come than may."""
        if data.get("min", 1) > data.get("max", 40):
            raise ValidationError(_("must not be less than min"), "max")


class GatherDigits(Question):
    """Take digits."""

    kind = "gather"
    title = _l("Take digits")
    icon = "dialpad"
    schema = GatherSchema
    local_names = frozenset({"value", "result"})

    def own_keys(self, node: Node) -> str:
        return f"0123456789{node.spec['terminators']}"

    def gather(self, moment: Moment, pieces: tuple[Piece, ...]) -> Gather:
        spec = moment.spec
        keys = ordinary_keys(moment.node, moment.flow, moment.flows, self.own_keys(moment.node))
        return moment.make(
            Gather,
            pieces=pieces,
            language=moment.language,
            min=spec["min"],
            max=spec["max"],
            terminators=spec["terminators"] + "".join(sorted(keys)),
            first_timeout=spec.get("first_timeout") or moment.flows.first_timeout(moment.flow),
            digit_timeout=spec.get("digit_timeout") or moment.flows.digit_timeout(moment.flow),
            pattern=spec["pattern"],
            barge_in=spec["barge_in"],
            mask=spec["mask"],
            typed=moment.typed,
        )

    def resume(self, moment: Moment, event: Event) -> Step:
        match moment.scratch.get("phase"), event:
            case "check", Done():
                return self.checked(moment, event)
            case "confirm", Digits(value=value, terminator=terminator):
                return self.confirmed(moment, value or terminator)
            case _:
                return super().resume(moment, event)

    def answered(self, moment: Moment, value: str) -> Step:
        spec = moment.spec
        if "valid" in spec and not moment.true(spec["valid"], value=value):
            return self.missed(moment, "wrong_input")
        if "check" not in spec:
            return self.read_back(moment, value, {})
        check = spec["check"]
        asked = moment.make(
            Lookup,
            name=check["lookup"],
            inputs=moment.values(check["inputs"], value=value),
            timeout=check["timeout"],
            identified=moment.identified,
        )
        return Wait(asked, {**moment.scratch, "phase": "check", "value": value})

    def checked(self, moment: Moment, event: Done) -> Step:
        """The look-up answered."""
        check, value = moment.spec["check"], moment.scratch["value"]
        result = plain(event.result)
        if not moment.true(check["valid"], value=value, result=result):
            return self.missed(moment, "wrong_input")
        return self.read_back(moment, value, {check["into"]: result} if "into" in check else {})

    def read_back(self, moment: Moment, value: str, sets: Mapping[str, Any]) -> Step:
        """Say what was understood and ask whether it is right."""
        if "confirm" not in moment.spec:
            return self.accept(moment, value, sets)
        return self.ask(moment, {**moment.scratch, "phase": "confirm", "value": value, "sets": dict(sets)})

    def ask(self, moment: Moment, scratch: Mapping[str, Any], before: tuple[Piece, ...] = ()) -> Step:
        """Ask for the digits, or, once they are there, whether they are right."""
        if scratch.get("phase") != "confirm":
            return super().ask(moment, _counters(scratch), before)
        known = {**scratch.get("sets", {}), moment.spec["into"]: scratch["value"]}
        pieces = moment.pieces(moment.spec["confirm"]["prompt"], **known, value=scratch["value"])
        keys = ordinary_keys(moment.node, moment.flow, moment.flows, self._answers(moment))
        confirm = moment.make(
            Gather,
            pieces=(*before, *pieces),
            language=moment.language,
            terminators="".join(sorted(keys)),
            first_timeout=moment.spec.get("first_timeout") or moment.flows.first_timeout(moment.flow),
            barge_in=moment.spec["barge_in"],
        )
        return Wait(confirm, scratch)

    def confirmed(self, moment: Moment, key: str) -> Step:
        """The answer to reading back. `no` counts as a wrong input: nobody is asked for ever."""
        keys = ordinary_keys(moment.node, moment.flow, moment.flows, self._answers(moment))
        if key == moment.spec["confirm"]["yes"]:
            return self.accept(moment, moment.scratch["value"], moment.scratch.get("sets", {}))
        if key == moment.spec["confirm"]["no"]:
            return self.again(moment)
        return self.deed(moment, key, keys[key]) if key in keys else self.missed(moment, "wrong_input")

    def again(self, moment: Moment) -> Step:
        """Ask for the digits anew, without calling what the caller did wrong."""
        misses = misses_of(moment.node, moment.flow, moment.flows, "wrong_input")
        count = moment.scratch.get("wrong_input", 0) + 1
        if count >= misses.tries:
            return Go("wrong_input")
        return super().ask(moment, {**_counters(moment.scratch), "wrong_input": count})

    def accept(self, moment: Moment, value: str, sets: Mapping[str, Any]) -> Step:
        """Go on with the digits."""
        into = moment.spec["into"]
        return Go(sets={**sets, into: value}, mask=(into,) if moment.spec["mask"] else ())

    def sets(self, node: Node) -> Iterable[str]:
        check = node.spec.get("check") or {}
        return [node.spec["into"], *([check["into"]] if "into" in check else [])]

    def _answers(self, moment: Moment) -> str:
        confirm = moment.spec["confirm"]
        return str(confirm["yes"] + confirm["no"])


def _counters(scratch: Mapping[str, Any]) -> dict[str, Any]:
    return {key: scratch[key] for key in ("no_input", "wrong_input", "repeats") if key in scratch}
