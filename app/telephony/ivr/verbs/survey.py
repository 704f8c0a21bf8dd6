"""`survey`: one question about the service, answered by a key and kept."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, pre_load, validate

from app.telephony.ivr import commands
from app.telephony.ivr.commands import Gather
from app.telephony.ivr.events import Done
from app.telephony.ivr.fields import NUMBER_OF, Exprs, Line, Name, Strict, TargetField, Variable
from app.telephony.ivr.flow import Node
from app.telephony.ivr.moment import Go, Moment, Step, Wait
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.verbs.asking import Question, QuestionSchema


class AnswerSchema(Strict):
    """What a key says of the service."""

    title = Line(required=True)
    title_en = Line(load_default="")

    @pre_load
    def short(self, data: Any, **_kwargs: Any) -> Any:
        return {"title": data} if isinstance(data, str) else data


class SurveySchema(QuestionSchema):
    """`answers` by key; `next` follows any of them."""

    next = TargetField(required=True)
    survey = Name(required=True)
    answers = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"[0-9*#]\Z")),
        values=fields.Nested(AnswerSchema),
        required=True,
        validate=validate.Length(1, 12, error=NUMBER_OF),
    )
    values = Exprs(load_default=dict)
    into = Variable()


class Survey(Question):
    """Ask about the service."""

    kind = "survey"
    title = _l("Survey")
    icon = "mood-smile"
    schema = SurveySchema

    def own_keys(self, node: Node) -> str:
        return "".join(node.spec["answers"])

    def gather(self, moment: Moment, pieces: tuple[Piece, ...]) -> Gather:
        return moment.make(
            Gather,
            pieces=pieces,
            language=moment.language,
            first_timeout=moment.spec.get("first_timeout") or moment.flows.first_timeout(moment.flow),
            barge_in=moment.spec["barge_in"],
            typed=moment.typed,
        )

    def answered(self, moment: Moment, value: str) -> Step:
        answer = moment.spec["answers"].get(value)
        if answer is None:
            return self.missed(moment, "wrong_input")
        keep = moment.make(
            commands.Survey,
            name=moment.spec["survey"],
            answer=value,
            label=answer["title"],
            values=moment.values(moment.spec["values"]),
        )
        return Wait(keep, {**moment.scratch, "answer": value})

    def done(self, moment: Moment, event: Done) -> Step:
        into = moment.spec.get("into")
        return Go(sets={into: moment.scratch.get("answer", "")} if into else {})
