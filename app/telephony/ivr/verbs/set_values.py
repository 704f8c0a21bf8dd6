"""`set`: give variables values."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from app.telephony.ivr.fields import Exprs, Variable
from app.telephony.ivr.flow import Node
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.verbs.verb import NextSchema, Verb


class SetSchema(NextSchema):
    """All values are computed from what stood before."""

    values = Exprs(keys=Variable(), required=True)


class Set(Verb):
    """Give variables values."""

    kind = "set"
    title = _l("Set values")
    icon = "equal"
    schema = SetSchema

    def enter(self, moment: Moment) -> Step:
        return Go(sets=moment.values(moment.spec["values"]))

    def sets(self, node: Node) -> Iterable[str]:
        return list(node.spec["values"])
