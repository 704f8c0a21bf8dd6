"""Fields of flow files: what an analyst writes, checked, as what the interpreter uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import regex
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validate

from app.feel import FeelError
from app.telephony.ivr.expressions import Expr, parse
from app.telephony.ivr.flow import RESERVED, Misses, PieceSpec, PromptChoice, PromptRef, Say, Target, Words
from app.telephony.ivr.pieces import SPOKEN_KINDS

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PROMPT_KEY = re.compile(r"[a-z0-9][a-z0-9_]*(?:[./-][a-z0-9_]+)*")
LOOKUP_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
KEYS = re.compile(r"[0-9*#]{1,4}")
LANGUAGES = ("zh", "en")
BUILTINS = frozenset({"call", "language", "identified"})
"""Names that every expression may use and no flow may set."""

BETWEEN = _l("must be between {min} and {max}")
ONE_OF = _l("must be one of: {choices}")
NUMBER_OF = _l("has too few or too many entries")

MAX_PIECES = 40
MAX_TEXT = 500


class Strict(Schema):
    """The base of all schemas here: an unknown key is a mistake."""

    class Meta:
        unknown = RAISE


class Name(fields.String):
    """A name of ours: small letters, digits, underscores."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not NAME.fullmatch(value):
            raise ValidationError(_("must be small letters, digits and _, beginning with a letter"))
        return value


class Variable(Name):
    """The name of a variable to set."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name in BUILTINS:
            raise ValidationError(_("%(name)s is set by the call itself", name=name))
        return name


class Registered(fields.String):
    """A name that something else registers: a lookup, a process, a queue."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,99}", value):
            raise ValidationError(_("is no name"))
        return value


class Line(fields.String):
    """One line of words for people."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
        if not isinstance(text, str) or len(text) > MAX_TEXT or any(ord(letter) < 32 for letter in text):
            raise ValidationError(_("must be one line of at most %(count)s characters", count=MAX_TEXT))
        return text.strip()


class ExprField(fields.Field[Expr]):
    """A FEEL expression, or a number, a truth value or a list that stands for itself."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Expr:
        if isinstance(value, Mapping):
            raise ValidationError(_("must be an expression"))
        try:
            return parse(value)
        except FeelError as error:
            raise ValidationError(str(error)) from None


class TargetField(fields.Field[Target]):
    """A node, `flow:NAME`, `return`, `return:EXIT`, `hangup`; for keys also `repeat` and `back`."""

    def __init__(self, *, keys: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keys = keys

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Target:
        if value in ("repeat", "back"):
            if not self.keys:
                raise ValidationError(_("%(word)s is for keys only", word=value))
            return Target(value)
        if value == "hangup":
            return Target("hangup")
        if value == "return":
            return Target("return", "done")
        kind, _colon, name = str(value).rpartition(":")
        if not isinstance(value, str) or not NAME.fullmatch(name) or kind not in ("", "flow", "return"):
            raise ValidationError(_("must be a node, flow:NAME, return, return:EXIT or hangup"))
        match kind:
            case "flow":
                return Target("flow", name)
            case "return":
                return Target("return", name)
            case _:
                return Target("node", name)


class Seconds(fields.Float):
    """A time in seconds within bounds."""

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(low, high, error=BETWEEN), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValidationError(_("must be a number of seconds"))
        return float(value)


class Whole(fields.Integer):
    """A whole number within bounds."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high, error=BETWEEN), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(_("must be a whole number"))
        return value


class Truth(fields.Boolean):
    """true or false, and nothing that looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(_("must be true or false"))
        return value


class Terminators(fields.String):
    """Keys that end an input; empty for none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(value) if not isinstance(value, bool) and value is not None else "x"
        if not re.fullmatch(r"[0-9*#]{0,12}", text) or len(set(text)) != len(text):
            raise ValidationError(_("must be keys 0-9, * or #"))
        return text


class Pattern(fields.String):
    """A regular expression that a whole input must match."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) > 200:
            raise ValidationError(_("must be a pattern of at most 200 characters, in quotes"))
        try:
            regex.compile(value)
        except regex.error as error:
            raise ValidationError(_("is no pattern: %(why)s", why=str(error))) from None
        return value


class Exprs(fields.Dict):
    """Names and the expressions that give their values."""

    def __init__(self, *, keys: fields.Field[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(
            keys=keys or Registered(), values=ExprField(), validate=validate.Length(max=60, error=NUMBER_OF), **kwargs
        )


class Plain(fields.Field[Any]):
    """Any JSON value."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return value


class PiecesField(fields.Field[tuple[PieceSpec, ...]]):
    """What to play: prompt keys, `{text:, text_en:}`, `{say:, as:}`, `{prompt:, one_of:}`, each with `when:`.

    A single one may stand without a list.
    """

    def __init__(self, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(**({"required": True} if needed else {"load_default": ()}), **kwargs)
        self.needed = needed

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[PieceSpec, ...]:
        items = value if isinstance(value, list) else [value]
        if len(items) > MAX_PIECES or (self.needed and not items):
            raise ValidationError(_("must be one to %(count)s pieces", count=MAX_PIECES))
        found: list[PieceSpec] = []
        errors: dict[int, Any] = {}
        for place, item in enumerate(items):
            try:
                found.append(_piece(item))
            except ValidationError as error:
                errors[place] = error.messages
        if errors:
            raise ValidationError(errors if isinstance(value, list) else errors[0])
        return tuple(found)


class PromptKey(fields.String):
    """The key of a prompt."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) > 100 or not PROMPT_KEY.fullmatch(value):
            raise ValidationError(_("is no key of a prompt"))
        return value


class _PromptSchema(Strict):
    prompt = ExprField(required=True)
    one_of = fields.List(PromptKey(), required=True, validate=validate.Length(1, 100, error=NUMBER_OF))
    when = ExprField()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PromptChoice:
        return PromptChoice(data["prompt"], tuple(data["one_of"]), data.get("when"))


class _KeySchema(Strict):
    prompt = PromptKey(required=True)
    when = ExprField()
    language = fields.String(load_default="", validate=validate.OneOf(LANGUAGES, error=ONE_OF))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PromptRef:
        return PromptRef(data["prompt"], data.get("when"), data["language"])


class _WordsSchema(Strict):
    text = Line(required=True, validate=validate.Length(min=1, error=NUMBER_OF))
    text_en = Line(load_default="")
    when = ExprField()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Words:
        return Words(data["text"], data["text_en"], data.get("when"))


class _SaySchema(Strict):
    say = ExprField(required=True)
    kind = fields.String(required=True, data_key="as", validate=validate.OneOf(SPOKEN_KINDS, error=ONE_OF))
    when = ExprField()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Say:
        return Say(data["say"], data["kind"], data.get("when"))


def _piece(item: Any) -> PieceSpec:
    if isinstance(item, str):
        return PromptRef(PromptKey().deserialize(item))
    if isinstance(item, Mapping):
        schemas: tuple[tuple[str, type[Schema]], ...] = (
            ("one_of", _PromptSchema),
            ("prompt", _KeySchema),
            ("text", _WordsSchema),
            ("say", _SaySchema),
        )
        for key, schema in schemas:
            if key in item:
                made: PieceSpec = schema().load(item)
                return made
    raise ValidationError(_("must be the key of a prompt, or have text, say, or prompt with one_of"))


class MissesSchema(Strict):
    """`no_input` and `wrong_input`: `{tries:, prompt:, goto:}`."""

    tries = Whole(1, 10, load_default=3)
    prompt = PiecesField()
    goto = TargetField()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Misses:
        return Misses(data["tries"], data["prompt"], data.get("goto"))


class Choice(Strict):
    """What a key does: a target, or `{goto:, title:, title_en:, when:}`."""

    goto = TargetField(keys=True, required=True)
    title = Line(load_default="")
    title_en = Line(load_default="")
    when = ExprField()

    @pre_load
    def short(self, data: Any, **_: Any) -> Any:
        return {"goto": data} if isinstance(data, str) else data


class Case(Strict):
    """A branch: taken where `when` is true."""

    when = ExprField(required=True)
    goto = TargetField(required=True)
    title = Line(load_default="")
    title_en = Line(load_default="")


def is_node_name(name: str) -> bool:
    """Whether a node may be called so."""
    return bool(NAME.fullmatch(name)) and name not in RESERVED
