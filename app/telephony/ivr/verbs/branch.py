"""`branch`: go where the first condition that holds says."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr.fields import NUMBER_OF, Case, TargetField
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NodeSchema, Verb


class BranchSchema(NodeSchema):
    """`cases` are tried in order; a condition that cannot be told (null) does not hold."""

    cases = fields.List(fields.Nested(Case), required=True, validate=validate.Length(1, 40, error=NUMBER_OF))
    otherwise = TargetField(required=True)


class Branch(Verb):
    """Choose a way."""

    kind = "branch"
    title = _l("Branch")
    icon = "arrows-split-2"
    schema = BranchSchema

    def own_exits(self, node: Node, flow: Flow, flows: FlowSet) -> tuple[Exit, ...]:
        cases = enumerate(node.spec["cases"], start=1)
        found = [
            Exit(f"case {n}", case["goto"], title=case["title"] or case["when"].text, title_en=case["title_en"])
            for n, case in cases
        ]
        return (*found, Exit("otherwise", node.spec["otherwise"]))

    def enter(self, moment: Moment) -> Step:
        for n, case in enumerate(moment.spec["cases"], start=1):
            if moment.true(case["when"]):
                return Go(f"case {n}")
        return Go("otherwise")
