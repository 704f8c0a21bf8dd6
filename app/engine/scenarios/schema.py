"""What a scenario file may hold. Unknown keys are refused, every mistake is named with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.engine.scenarios.loading import BadScenarioFile, KeyPath, line_of, load
from app.engine.scenarios.model import Scenario, ScenarioFile, Step

DEFAULT_NOW = "2026-03-02T09:00:00+08:00"
"""A Monday morning: the time of a scenario that states none."""


class Instant(fields.Field[datetime]):
    """An ISO instant with its offset."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(_("This is no instant: write 2026-03-02T09:00:00+08:00.")) from None
        if at.tzinfo is None:
            raise ValidationError(_("The instant lacks its offset (+08:00)."))
        return at


class Names(fields.Field[list[str]]):
    """A name, or a list of names."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        names = value if isinstance(value, list) else [value]
        if not all(isinstance(name, str) for name in names):
            raise ValidationError(_("Element ids are wanted."))
        return names


class Results(fields.Field[list[dict[str, Any]]]):
    """The results of a service, in order; one alone may stand without a list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[dict[str, Any]]:
        results = value if isinstance(value, list) else [value]
        if not results or not all(isinstance(result, Mapping) for result in results):
            raise ValidationError(_("Results are mappings: {}, {error: CODE}, {fail: text} or {result: {...}}."))
        return [dict(result) for result in results]


def _values() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))


def _services() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=Results())


class StartSchema(Schema):
    business_key = fields.String(load_default=None)
    title = fields.String(load_default="")
    data = _values()


class TaskSchema(Schema):
    """An open task in more detail than its element."""

    element = fields.String(required=True)
    name = fields.String()
    candidates = Names()
    priority = fields.Integer()
    due = fields.String()
    form = fields.String()


class Task(fields.Field[dict[str, Any]]):
    """An element id, or a `TaskSchema`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"element": value}
        loaded: dict[str, Any] = TaskSchema().load(value)
        return loaded


class ExpectSchema(Schema):
    tasks = fields.List(Task())
    data = _values()
    waiting = Names()
    incidents = Names()
    calls = fields.Dict(keys=fields.String(), values=fields.Integer())
    status = fields.String()
    reached = Names()
    not_reached = Names()


class MessageSchema(Schema):
    name = fields.String(required=True)
    correlation = _values()
    payload = _values()


class SignalSchema(Schema):
    name = fields.String(required=True)
    payload = _values()


class EndSchema(Schema):
    at = Names()
    data = _values()
    status = fields.String(
        load_default="completed", validate=validate.OneOf(["completed", "terminated", "failed", "active"])
    )


class CompleteOptions(Schema):
    data = _values()
    index = fields.Integer(validate=validate.Range(min=1))
    where = _values()


class DataOption(Schema):
    data = _values()


class NoOptions(Schema):
    pass


VERBS: dict[str, tuple[fields.Field[Any], type[Schema]]] = {
    "expect": (fields.Nested(ExpectSchema), NoOptions),
    "complete": (fields.String(), CompleteOptions),
    "advance": (fields.String(), NoOptions),
    "message": (fields.Nested(MessageSchema), NoOptions),
    "signal": (fields.Nested(SignalSchema), NoOptions),
    "retry": (fields.String(), DataOption),
    "run_jobs": (fields.Boolean(), NoOptions),
    "suspend": (fields.String(), NoOptions),
    "resume": (fields.String(), NoOptions),
    "terminate": (fields.String(), NoOptions),
}


class StepField(fields.Field[dict[str, Any]]):
    """One verb with its options: `{complete: dispatch, data: {...}}`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError(_("A step is a mapping."))
        verbs = [key for key in value if key in VERBS]
        if len(verbs) != 1:
            raise ValidationError(_("A step has one of: %(verbs)s.", verbs=", ".join(VERBS)))
        field, options = VERBS[verbs[0]]
        rest = {key: part for key, part in value.items() if key != verbs[0]}
        try:
            argument = field.deserialize(value[verbs[0]], verbs[0])
        except ValidationError as error:
            raise ValidationError({verbs[0]: error.messages}) from None
        return {"verb": verbs[0], "value": argument, "options": options().load(rest)}


class ScenarioSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1))
    now = Instant(load_default=lambda: datetime.fromisoformat(DEFAULT_NOW))
    start = fields.Nested(StartSchema, load_default=lambda: StartSchema().load({}))
    services = _services()
    steps = fields.List(StepField(), load_default=list)
    end = fields.Nested(EndSchema, load_default=None)
    expected_to_fail = fields.Boolean(load_default=False)


class FileSchema(Schema):
    process = fields.String(required=True)
    defaults = _services()
    scenarios = fields.List(fields.Nested(ScenarioSchema), required=True, validate=validate.Length(min=1))

    @validates_schema
    def _names_differ(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        names = [scenario["name"] for scenario in data.get("scenarios", ())]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise ValidationError({"scenarios": {index: [_("Another scenario has this name.")]}})


def read_file(path: Path) -> ScenarioFile:
    """A scenario file. Raises BadScenarioFile with every mistake and its line."""
    value, lines = load(path)
    try:
        data = FileSchema().load(value if isinstance(value, Mapping) else {})
    except ValidationError as error:
        faults = [(line_of(lines, where), _message(where, text)) for where, text in _flat(error.messages)]
        raise BadScenarioFile(path, sorted(faults)) from None
    defaults = data.get("defaults", {})
    scenarios = []
    for index, one in enumerate(data["scenarios"]):
        place: KeyPath = ("scenarios", index)
        step_lines = [line_of(lines, (*place, "steps", number)) for number in range(len(one["steps"]))]
        services = {**defaults, **one.get("services", {})}
        scenarios.append(
            Scenario(
                file=path,
                process=data["process"],
                name=one["name"],
                line=line_of(lines, place),
                now=one["now"],
                start=one["start"],
                services=services,
                steps=_steps(one["steps"], step_lines),
                end=one["end"],
                expected_to_fail=one["expected_to_fail"],
            )
        )
    return ScenarioFile(path, data["process"], tuple(scenarios))


def _steps(steps: list[dict[str, Any]], lines: list[int]) -> tuple[Step, ...]:
    return tuple(
        Step(**step, number=number, line=line) for number, (step, line) in enumerate(zip(steps, lines, strict=True), 1)
    )


def _flat(messages: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """marshmallow's nested messages as (path, text)."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, path if key == "_schema" else (*path, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flat(inner, path)
    else:
        yield path, str(messages)


def _message(path: KeyPath, text: str) -> str:
    where = ".".join(str(part) for part in path)
    return f"{where}: {text}" if where else text
