"""What a transcript may say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validate, validates_schema

from app.telephony.ivr.commands import Command, name_of
from app.telephony.ivr.fields import NUMBER_OF, ONE_OF, Line, PiecesField, Plain, Strict

COMMANDS = frozenset(name_of(kind) for kind in Command.__subclasses__())
"""Names under which `expect` asks for what was done."""

ANSWERS = ("record", "queue", "transfer", "fax", "result")
"""Steps that say what became of a command."""


class Instant(fields.String):
    """A time with its offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            given: datetime | None = datetime.fromisoformat(str(value))
        except ValueError:
            given = None
        if given is None or given.tzinfo is None:
            raise ValidationError(_("must be a time with its offset, such as 2026-03-02T09:00:00+08:00"))
        return str(value)


class Keys(fields.String):
    """Keys that are pressed one after another."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(value)
        if isinstance(value, bool) or not text or set(text) - set("0123456789*#"):
            raise ValidationError(_("must be keys 0-9, * or #"))
        return text


class Expect(fields.Field[Mapping[str, Any]]):
    """What must have been heard and done since the last `expect`, and where the call stands."""

    STANDING = frozenset({"play", "not_play", "node", "variables", "identified", "language", "waits_for"})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping) or not value:
            raise ValidationError(_("must say what is expected"))
        unknown = set(value) - self.STANDING - COMMANDS
        if unknown:
            raise ValidationError({key: ["Unknown field."] for key in sorted(unknown)})
        for key in ("play", "not_play"):
            if key in value:
                PiecesField().deserialize(value[key])
        return value


class StepSchema(Strict):
    """One step; it has exactly one key."""

    expect = Expect()
    press = Keys()
    wait = fields.Boolean(validate=validate.Equal(True))
    hang_up = fields.Boolean(validate=validate.Equal(True))
    record = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))
    queue = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))
    transfer = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))
    fax = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))
    result = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))
    fail = fields.String()

    @validates_schema
    def one(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A step is one thing."""
        if len(data) != 1:
            raise ValidationError(_("a step is one of: %(steps)s", steps=", ".join(self.fields)))


class EndSchema(Strict):
    """How the call ends: `by` the flow, the caller or a transfer; `at` the node; `variables` there."""

    by = fields.String(validate=validate.OneOf(["flow", "caller", "transfer"], error=ONE_OF))
    at = fields.String()
    variables = fields.Dict(keys=fields.String(), values=Plain(allow_none=True))


class TranscriptSchema(Strict):
    """A call. `lookups` are results by name, used in order, the last again and again.

    `fails` are errors by node: whatever waits at it fails, what plays there too.
    """

    name = Line(required=True, validate=validate.Length(min=1, error=NUMBER_OF))
    now = Instant(load_default="2026-03-02T09:00:00+08:00")
    call = fields.Dict(keys=fields.String(), values=Plain(allow_none=True), load_default=dict)
    inputs = fields.Dict(keys=fields.String(), values=Plain(allow_none=True), load_default=dict)
    lookups = fields.Dict(keys=fields.String(), values=fields.List(Plain(allow_none=True)), load_default=dict)
    fails = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    steps = fields.List(
        fields.Nested(StepSchema), load_default=list, validate=validate.Length(max=300, error=NUMBER_OF)
    )
    end = fields.Nested(EndSchema)
