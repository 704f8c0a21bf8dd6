"""Is what a person sent what the form asks for? The server's own answer, whatever the browser checked.

Hidden fields are dropped, fields that are only shown keep what the process says, computed
fields are computed again, unknown ones are refused by name; errors come by field, in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from app.forms.expressions import Scope, evaluate
from app.forms.fields import Component, level, read, walk
from app.forms.pruning import Place, Pruner
from app.forms.schema import schema_of
from app.forms.values import scope as bound_scope
from app.kernel.errors import Invalid

Errors = dict[str, list[str]]
"""Path of a field (`crew`, `parts.0.name`) -> what is wrong, in the reader's language."""


class InvalidForm(Invalid):
    """What was sent does not fit the form: `details["errors"]` maps the path of a field to messages."""

    code = "invalid_form"

    def __init__(self, errors: Errors) -> None:
        super().__init__(_l("Some entries do not fit. Correct the marked fields and send again."), errors=errors)

    @property
    def errors(self) -> Errors:
        found: Errors = self.details["errors"]
        return found


class UploadedFile(Protocol):
    """What validation asks of a stored file."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


FileLookup = Callable[[int], UploadedFile | None]
"""The stored file of an id that this person may use, else None."""


def _no_files(_file_id: int) -> UploadedFile | None:
    return None


def validate(
    form: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    variables: Mapping[str, Any] | None = None,
    files: FileLookup = _no_files,
    now: datetime | None = None,
) -> dict[str, Any]:
    """The data as it is kept; raises `InvalidForm`.

    `variables` are the process's values, seen by conditions, computed fields and choices
    (`valuesKey`). A visible field that was not sent keeps its variable, else it gets its
    default or empty value. `files` tells which uploads a file field may name (none by
    default); `now` is for dates that must not lie in the past.
    """
    if not isinstance(data, Mapping):
        raise InvalidForm({"": [_("Must be an object.")]})
    components = read(form)
    known = variables or {}
    scope = Scope({**known, **_computed(components, {**known, **data}, now)}, now)
    pruner = Pruner()
    visible = pruner.prune(components, data, Place(scope, known))
    errors = pruner.errors
    token = bound_scope.set(scope)
    try:
        kept: dict[str, Any] = schema_of(form)().load(visible, partial=True)
    except ValidationError as refused:
        kept = {}
        errors = _flat(refused.messages) | errors
    finally:
        bound_scope.reset(token)
    errors |= _file_errors(components, kept, files)
    if errors:
        raise InvalidForm(errors)
    return kept | {key: scope.data[key] for key in pruner.computed}


def _computed(components: tuple[Component, ...], data: dict[str, Any], now: datetime | None) -> dict[str, Any]:
    """The data with its computed fields; twice round for those that use each other."""
    expressions = [item for item in level(components) if item.type == "expression"]
    for _round in range(2):
        for item in expressions:
            data[item.key] = evaluate(str(item.raw.get("expression", "")), Scope(data, now))
    return data


def _flat(messages: Any, path: str = "") -> Errors:
    """Marshmallow's nested messages by path; `_schema` is the object itself."""
    if isinstance(messages, Mapping):
        found: Errors = {}
        for name, inner in messages.items():
            part = "" if name == "_schema" else str(name)
            found |= _flat(inner, f"{path}.{part}".strip("."))
        return found
    texts = messages if isinstance(messages, list) else [messages]
    return {path: [str(text) for text in texts]}


def _file_errors(components: tuple[Component, ...], kept: Mapping[str, Any], files: FileLookup) -> Errors:
    """File fields at the top or in a group; a dynamic list holds none (`checking` refuses them)."""
    errors: Errors = {}
    for item in walk(components):
        ids = kept.get(item.key) if item.type == "filepicker" else None
        for file_id in ids or []:
            stored = files(file_id)
            if stored is None:
                errors[item.key] = [_("The upload is not there any more, or is not yours. Upload the file again.")]
            elif not accepts(item, stored.name):
                errors[item.key] = [_("%(name)s is not of an accepted type.", name=stored.name)]
    return errors


def accepts(item: Component, name: str) -> bool:
    """Whether a file's extension is among `accept` (`.jpg,.png` or `image/*`)."""
    accept = item.raw.get("accept")
    if not isinstance(accept, str) or not accept.strip() or accept.startswith("="):
        return True
    extension = PurePosixPath(name).suffix.lower()
    wanted = {part.strip().lower() for part in accept.split(",")}
    pictures = {".jpg", ".jpeg", ".png", ".gif", ".webp"}
    return extension in wanted or ("image/*" in wanted and extension in pictures)
