"""YAML of flow files as plain values, with the line each value stands on.

Safe and bounded: no tags, no anchors (that is how small files become large), no key twice, no more than
`MAX_BYTES`, `MAX_NODES`, `MAX_DEPTH`. Only true and false are truth values (`no` and `on` are words), dates are texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from flask_babel import gettext as _

from app.telephony.ivr.problems import BadFlow, Problem

MAX_BYTES = 512 * 1024
MAX_NODES = 40_000
MAX_DEPTH = 24

Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's idea of scalars: `on`, `off`, `yes`, `no` and dates are texts, `010` and `1_000` too."""


_KEPT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), [*"-0123456789"])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}$"), [*"-0123456789"]
)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value and the lines of its parts."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(content: bytes | str, file: str) -> Document:
    """The value of a file. Raises BadFlow with the line."""
    try:
        raw = content.encode() if isinstance(content, str) else content
        text = raw.decode()
    except UnicodeError:
        raise _bad(file, 1, "encoding", _("The file must be encoded in UTF-8.")) from None
    if len(raw) > MAX_BYTES:
        raise _bad(file, 1, "too_large", _("The file is too large."))
    try:
        _check_events(text, file)
        root = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error)
        raise _bad(file, mark.line + 1 if mark else 1, "yaml", what) from None
    return _Builder(file).document(root)


def _check_events(text: str, file: str) -> None:
    """Refuse what makes a file dangerous before anything is built of it."""
    depth = count = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _bad(file, line, "anchor", _("Anchors and references (&, *) are not allowed: quote the star."))
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            count += 1
            if event.tag is not None and event.tag != "!":
                raise _bad(file, line, "tag", _("Tags (!) are not allowed."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _bad(file, line, "too_deep", _("The file nests too deeply."))
        if count > MAX_NODES:
            raise _bad(file, line, "too_large", _("The file is too large."))


class _Builder:
    """Nodes to plain values; collects every key that stands twice."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.constructor = yaml.SafeLoader("")

    def document(self, root: yaml.Node | None) -> Document:
        value = None if root is None else self.value(root, ())
        if self.problems:
            raise BadFlow(self.problems)
        return Document(self.file, value, self.lines)

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self.constructor.construct_object(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
                self.refuse(line, path, "key", _("A key must be a word or a number."))
                continue
            key = str(key_node.value)
            if key in values:
                self.refuse(line, (*path, key), "duplicate_key", _("%(key)s stands here twice.", key=key))
                continue
            self.lines[(*path, key)] = line
            values[key] = self.value(value_node, (*path, key))
        return values

    def refuse(self, line: int, path: Path, rule: str, message: str) -> None:
        self.problems.append(Problem(self.file, element_of(path), rule, "error", message, line))


def element_of(path: Path) -> str:
    """The node that a part belongs to; empty for the flow's own parts."""
    return str(path[1]) if len(path) > 1 and path[0] == "nodes" else ""


def _bad(file: str, line: int, rule: str, message: str) -> BadFlow:
    return BadFlow([Problem(file, "", rule, "error", message, line)])
