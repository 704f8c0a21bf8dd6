"""Flow files to flows: everything that one file alone can get wrong is found here, with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validate

from app.telephony.ivr.fields import (
    NUMBER_OF,
    ONE_OF,
    Line,
    MissesSchema,
    Name,
    Plain,
    Seconds,
    Strict,
    TargetField,
    Truth,
    Variable,
    is_node_name,
)
from app.telephony.ivr.flow import DEFAULTS, Flow, FlowSet, Handlers, Node
from app.telephony.ivr.problems import BadFlow, Problem
from app.telephony.ivr.reading import Document, Path, element_of, read
from app.telephony.ivr.transcripts.schema import TranscriptSchema
from app.telephony.ivr.values import NotPlain, clean
from app.telephony.ivr.verbs import VERBS

MAX_NODES = 300
MAX_TRANSCRIPTS = 200


class HandlersSchema(Strict):
    """Keys, counters and handlers: of `defaults.yaml`, and of a flow."""

    keys = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"[0-9*#]\Z")), values=TargetField(keys=True), load_default=dict
    )
    no_input = fields.Nested(MissesSchema)
    wrong_input = fields.Nested(MissesSchema)
    on_error = TargetField()
    on_hangup = TargetField()
    first_timeout = Seconds(1, 60)
    digit_timeout = Seconds(0.5, 30)


class DefaultsSchema(HandlersSchema):
    """`defaults.yaml`."""

    note = Line(load_default="")


class FlowSchema(HandlersSchema):
    """A flow file, but for what stands in each node."""

    flow = Name(required=True)
    title = Line(required=True, validate=validate.Length(min=1, error=NUMBER_OF))
    title_en = Line(required=True, validate=validate.Length(min=1, error=NUMBER_OF))
    note = Line(load_default="")
    entry = Truth(load_default=False)
    language = fields.String(load_default="zh", validate=validate.OneOf(["zh", "en"], error=ONE_OF))
    start = Name(required=True)
    inputs = fields.Dict(keys=Variable(), values=Plain(allow_none=True), load_default=dict)
    variables = fields.Dict(keys=Variable(), values=Plain(allow_none=True), load_default=dict)
    outputs = fields.List(Variable(), load_default=list)
    exits = fields.List(Name(), load_default=lambda: ["done"], validate=validate.Length(1, 20, error=NUMBER_OF))
    nodes = fields.Dict(
        keys=Name(), values=fields.Dict(), required=True, validate=validate.Length(1, MAX_NODES, error=NUMBER_OF)
    )
    transcripts = fields.List(
        fields.Nested(TranscriptSchema),
        load_default=list,
        validate=validate.Length(max=MAX_TRANSCRIPTS, error=NUMBER_OF),
    )


@lru_cache(maxsize=128)
def load_flow(content: bytes | str, file: str) -> Flow:
    """The flow of a file, kept for the next time. Raises BadFlow with everything that is wrong with it."""
    document = read(content, file)
    problems: list[Problem] = []
    value = document.value if isinstance(document.value, Mapping) else {}
    head = _load(FlowSchema(), value, document, (), problems)
    nodes = _nodes(value.get("nodes"), document, problems)
    if problems or head is None:
        raise BadFlow(sorted(problems, key=lambda problem: problem.line))
    flow = Flow(
        name=head["flow"],
        version=version_of(content),
        title=head["title"],
        title_en=head["title_en"],
        start=head["start"],
        nodes=nodes,
        file=file,
        note=head["note"],
        entry=head["entry"],
        language=head["language"],
        inputs=_plain(head["inputs"], "inputs", document, problems),
        variables=_plain(head["variables"], "variables", document, problems),
        outputs=tuple(head["outputs"]),
        exits=tuple(head["exits"]),
        handlers=_handlers(head),
        transcripts=tuple(head["transcripts"]),
        lines=document.lines,
    )
    if problems:
        raise BadFlow(problems)
    return flow


def load_defaults(content: bytes | str, file: str) -> Handlers:
    """What `defaults.yaml` says. Raises BadFlow."""
    document = read(content, file)
    problems: list[Problem] = []
    head = _load(DefaultsSchema(), {} if document.value is None else document.value, document, (), problems)
    if problems or head is None:
        raise BadFlow(problems)
    for path, target in _targets(head):
        if target is not None and target.kind == "node":
            message = _("Defaults hold for every flow: they can lead to flow:NAME, not to a node.")
            problems.append(Problem(file, "", "target", "error", message, document.line_of(path)))
    if problems:
        raise BadFlow(problems)
    return _handlers(head)


def load_set(files: Mapping[str, bytes | str]) -> FlowSet:
    """All flows of some files, by file name; `defaults.yaml` among them. Raises BadFlow with all that is wrong."""
    problems: list[Problem] = []
    flows: dict[str, Flow] = {}
    defaults, version = Handlers(), ""
    for file, content in sorted(files.items()):
        try:
            if is_defaults(file):
                defaults, version = load_defaults(content, file), version_of(content)
                continue
            flow = load_flow(content, file)
            if flow.name in flows:
                message = _("Flow %(name)s stands in %(file)s too.", name=flow.name, file=flows[flow.name].file)
                problems.append(Problem(file, "", "duplicate_flow", "error", message))
            flows[flow.name] = flow
        except BadFlow as error:
            problems += error.problems
    if problems:
        raise BadFlow(problems)
    return FlowSet(flows, defaults, version)


def is_defaults(file: str) -> bool:
    """Whether a file is the one of defaults."""
    return file.rsplit("/", 1)[-1] == f"{DEFAULTS}.yaml"


def version_of(content: bytes | str) -> str:
    """The hash that names a content."""
    raw = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def _nodes(given: Any, document: Document, problems: list[Problem]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for name, entry in (given if isinstance(given, Mapping) else {}).items():
        path: Path = ("nodes", name)
        if not is_node_name(name):
            message = _("No node may be called %(name)s.", name=name)
            problems.append(Problem(document.file, name, "name", "error", message, document.line_of(path)))
            continue
        node = _node(name, entry, path, document, problems)
        if node is not None:
            nodes[name] = node
    return nodes


def _node(name: str, entry: Any, path: Path, document: Document, problems: list[Problem]) -> Node | None:
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    verb = VERBS.get(kind) if isinstance(kind, str) else None
    if verb is None:
        message = _("kind must be one of %(kinds)s", kinds=", ".join(VERBS))
        problems.append(Problem(document.file, name, "kind", "error", message, document.line_of((*path, "kind"))))
        return None
    spec = _load(verb.schema(), entry, document, path, problems)
    if spec is None:
        return None
    facts = {key: spec.pop(key) for key in ("kind", "title", "title_en", "note")}
    return Node(name, facts["kind"], spec, document.line_of(path), facts["title"], facts["title_en"], facts["note"])


def _load(schema: Strict, value: Any, document: Document, path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        loaded: dict[str, Any] = schema.load(value)
        return loaded
    except ValidationError as error:
        problems += _problems(error.messages, document, path)
        return None


def _problems(messages: Any, document: Document, path: Path) -> Iterable[Problem]:
    """marshmallow's tree of messages, each with the path at which it stands."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = () if key in ("_schema", "key", "value") else (key,)
            yield from _problems(inner, document, (*path, *step))
        return
    for message in messages if isinstance(messages, (list, tuple)) else [messages]:
        rule = "unknown_key" if str(message) == "Unknown field." else "schema"
        yield Problem(document.file, element_of(path), rule, "error", _said(path, str(message)), document.line_of(path))


def _said(path: Path, message: str) -> str:
    inside = path[2:] if element_of(path) else path
    place = ".".join(str(step) for step in inside)
    words = {
        "Unknown field.": _("is no key that stands here"),
        "Missing data for required field.": _("is missing"),
        "Not a valid mapping type.": _("must be names with values"),
        "Not a valid list.": _("must be a list"),
        "Not a valid string.": _("must be words"),
        "Invalid input type.": _("must be names with values"),
        "Field may not be null.": _("must not be empty"),
    }.get(message, message)
    return f"{place}: {words}" if place else words


def _plain(values: Mapping[str, Any], key: str, document: Document, problems: list[Problem]) -> Mapping[str, Any]:
    try:
        cleaned: Mapping[str, Any] = clean(values)
        return cleaned
    except NotPlain:
        problems.append(Problem(document.file, "", key, "error", _("is too large"), document.line_of((key,))))
        return {}


def _targets(head: Mapping[str, Any]) -> Iterable[tuple[Path, Any]]:
    for key, target in head["keys"].items():
        yield ("keys", key), target
    for key in ("no_input", "wrong_input"):
        if key in head:
            yield (key, "goto"), head[key].goto
    for key in ("on_error", "on_hangup"):
        yield (key,), head.get(key)


def _handlers(head: Mapping[str, Any]) -> Handlers:
    return Handlers(
        keys=head["keys"],
        no_input=head.get("no_input"),
        wrong_input=head.get("wrong_input"),
        on_error=head.get("on_error"),
        on_hangup=head.get("on_hangup"),
        first_timeout=head.get("first_timeout"),
        digit_timeout=head.get("digit_timeout"),
    )
