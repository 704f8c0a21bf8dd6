"""YAML of scenario files as plain values, with the line each value stands on.

Dates stay texts, as JSON has them. Files are bounded, expanded references included.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _

MAX_BYTES = 1024 * 1024
MAX_NODES = 200_000

KeyPath = tuple[str | int, ...]


class BadScenarioFile(ValueError):
    """A file that is no scenario file; the text is `file:line: what is wrong`, a line a mistake."""

    def __init__(self, file: Path | str, faults: list[tuple[int, str]]) -> None:
        super().__init__("\n".join(f"{file}:{line}: {message}" for line, message in faults))
        self.file = str(file)
        self.faults = faults


class _Loader(yaml.SafeLoader):
    """YAML without its own idea of dates, and where only true and false are truth values: `off` is an element id."""


_DROPPED = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _DROPPED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_TRUTH = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")  # YAML 1.2
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, list("tTfF"))


def load(file: Path) -> tuple[Any, dict[KeyPath, int]]:
    """The value of a file and the lines of its parts. Raises BadScenarioFile."""
    content = file.read_bytes()
    if len(content) > MAX_BYTES:
        raise BadScenarioFile(file, [(1, _("The file is too large."))])
    try:
        text = content.decode()
        node = yaml.compose(text, _Loader)
        lines = _lines(file, node)
        return yaml.load(text, _Loader), lines  # noqa: S506 - a SafeLoader without timestamps
    except UnicodeDecodeError:
        raise BadScenarioFile(file, [(1, _("The file must be encoded in UTF-8."))]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = str(getattr(error, "problem", None) or error)
        raise BadScenarioFile(file, [(mark.line + 1 if mark else 1, message)]) from None
    except RecursionError:
        raise BadScenarioFile(file, [(1, _("The file nests too deeply."))]) from None


def _lines(file: Path, root: yaml.Node | None) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    waiting: list[tuple[KeyPath, yaml.Node | None]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if node is None:
            continue
        lines[path] = node.start_mark.line + 1
        if len(lines) > MAX_NODES:
            raise BadScenarioFile(file, [(1, _("The file is too large."))])
        if isinstance(node, yaml.MappingNode):
            waiting += [((*path, key.value), value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [((*path, index), item) for index, item in enumerate(node.value)]
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of a part, or of the nearest part around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
