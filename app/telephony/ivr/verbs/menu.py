"""`menu`: the caller chooses by a key."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from app.telephony.ivr.commands import Gather
from app.telephony.ivr.fields import KEYS, NUMBER_OF, Choice
from app.telephony.ivr.flow import Exit, Node
from app.telephony.ivr.moment import Go, Moment, Step
from app.telephony.ivr.pieces import Piece
from app.telephony.ivr.verbs.asking import Question, QuestionSchema, is_exit


class MenuSchema(QuestionSchema):
    """`choices` by key; a choice whose `when` does not hold is a wrong input."""

    choices = fields.Dict(
        keys=fields.String(validate=validate.Regexp(KEYS.pattern + r"\Z")),
        values=fields.Nested(Choice),
        required=True,
        validate=validate.Length(1, 40, error=NUMBER_OF),
    )


class Menu(Question):
    """Choose by a key."""

    kind = "menu"
    title = _l("Menu")
    icon = "list-numbers"
    schema = MenuSchema

    def choices(self, node: Node) -> tuple[Exit, ...]:
        return tuple(
            Exit(f"key {key}", choice["goto"], "choice", choice["title"], choice["title_en"])
            for key, choice in node.spec["choices"].items()
            if is_exit(choice["goto"])
        )

    def own_keys(self, node: Node) -> str:
        return "".join(key for key in node.spec["choices"] if len(key) == 1)

    def gather(self, moment: Moment, pieces: tuple[Piece, ...]) -> Gather:
        spec = moment.spec
        return moment.make(
            Gather,
            pieces=pieces,
            language=moment.language,
            min=1,
            max=max(len(key) for key in spec["choices"]),
            first_timeout=spec.get("first_timeout") or moment.flows.first_timeout(moment.flow),
            digit_timeout=spec.get("digit_timeout") or moment.flows.digit_timeout(moment.flow),
            barge_in=spec["barge_in"],
            typed=moment.typed,
        )

    def answered(self, moment: Moment, value: str) -> Step:
        choice = moment.spec["choices"].get(value)
        if choice is None or not moment.true(choice.get("when")):
            return self.missed(moment, "wrong_input")
        if not is_exit(choice["goto"]):
            return self.deed(moment, value, choice["goto"])
        return Go(f"key {value}")
