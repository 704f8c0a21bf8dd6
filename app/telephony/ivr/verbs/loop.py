"""`loop`: go round a bounded number of times, or once for each entry of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, validates_schema

from app.telephony.ivr.fields import ExprField, TargetField, Variable, Whole
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NextSchema, Verb, optional


class LoopSchema(NextSchema):
    """`body` leads back here in the end; after `times` rounds, or the list's last entry, it goes on to `next`."""

    times = Whole(1, 50, required=True)
    body = TargetField(required=True)
    over = ExprField()
    item = Variable()
    index = Variable()

    @validates_schema
    def item_of_a_list(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """An entry is one of a list."""
        if "item" in data and "over" not in data:
            raise ValidationError(_("needs a list to go over"), "over")


class Loop(Verb):
    """Go round."""

    kind = "loop"
    title = _l("Loop")
    icon = "repeat"
    schema = LoopSchema

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        return optional(node, "body", "next")

    def silent(self, exit_: Exit, node: Node) -> bool:
        """Rounds are bounded: only leaving it counts."""
        return exit_.label != "body"

    def enter(self, moment: Moment) -> Step:
        spec, name = moment.spec, moment.node.name
        round_ = moment.loops.get(name, 0)
        over = moment.value(spec["over"]) if "over" in spec else None
        items = over if isinstance(over, list) else []
        most = min(spec["times"], len(items)) if "over" in spec else spec["times"]
        if round_ >= most:
            return Go(loops={**moment.loops, name: 0})
        sets = {spec[key]: value for key, value in (("index", round_ + 1),) if key in spec}
        if "item" in spec:
            sets[spec["item"]] = items[round_]
        return Go("body", sets=sets, loops={**moment.loops, name: round_ + 1})

    def sets(self, node: Node) -> Iterable[str]:
        return [node.spec[key] for key in ("item", "index") if key in node.spec]
