"""Problems of a .form file, for lint and deploy. Never raises, whatever the file holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from flask_babel import gettext as _

from app.forms import expressions, options, patterns
from app.forms.fields import CHOICES, CONTAINERS, INPUTS, KNOWN, MAX_DEPTH, Component, level, part, read, walk

MAX_BYTES = 512 * 1024
MAX_COMPONENTS = 300
MAX_NESTING = 40
SCHEMA_VERSION = 19
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FORM_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
ROLES = frozenset({"stamp.lat", "stamp.lon", "stamp.accuracy", "stamp.at"})
"""Fields that the browser fills from the device and does not show."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`element` is the id of a component, "" for the file; `severity` is error or warning."""

    file: str
    element: str
    rule: str
    severity: str
    message: str


Found = Iterator[tuple[str, str, str]]
"""rule, severity, message"""


def check_form(name: str, content: bytes) -> list[Problem]:
    """Every problem of a file; none means it can be deployed."""
    form, broken = load(content)
    if form is None:
        return [Problem(name, "", "json", "error", broken)]
    found = [Problem(name, "", rule, severity, text) for rule, severity, text in _of_form(form)]
    components = read(form)
    for item in walk(components):
        found += [Problem(name, item.ref, rule, severity, text) for rule, severity, text in _of_component(item)]
    found += [Problem(name, ref, "component", "error", text) for ref, text in _not_components(form)]
    found += [Problem(name, ref, "key", "error", text) for ref, text in _duplicates(components)]
    found += [Problem(name, ref, "id", "error", text) for ref, text in _same_ids(components)]
    return found


def load(content: bytes) -> tuple[dict[str, Any] | None, str]:
    """The form, or None and why it cannot be read."""
    if len(content) > MAX_BYTES:
        return None, _("The file is larger than %(n)s kB.", n=MAX_BYTES // 1024)
    if _nesting(content) > MAX_NESTING:
        return None, _("The file is nested too deeply.")
    try:
        form = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return None, _("The file is not JSON: %(error)s", error=str(error))
    if not isinstance(form, dict):
        return None, _("The file does not hold one object.")
    return form, ""


def _nesting(content: bytes) -> int:
    """How deep brackets go; brackets within texts count too, which only errs to the safe side."""
    depth = deepest = 0
    for byte in content:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _of_form(form: Mapping[str, Any]) -> Found:
    form_id = form.get("id")
    if not isinstance(form_id, str) or not FORM_ID.fullmatch(form_id) or len(form_id) > 150:
        yield "id", "error", _("The form needs an id of letters, digits, - and _ (<process>-<task>).")
    if form.get("type") != "default":
        yield "type", "error", _('The form needs "type": "default".')
    version = form.get("schemaVersion")
    if version is not None and (not isinstance(version, int) or version > SCHEMA_VERSION):
        yield "version", "error", _("Only schema versions up to %(n)s are known.", n=SCHEMA_VERSION)
    if not isinstance(form.get("components"), list):
        yield "components", "error", _("The form needs a list of components.")
    elif sum(1 for _item in walk(read(form))) > MAX_COMPONENTS:
        yield "components", "error", _("More than %(n)s components are too many for one page.", n=MAX_COMPONENTS)


def _not_components(raw: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, str]]:
    items = raw.get("components")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, Mapping):
            yield "", _("A component must be an object.")
        elif str(item.get("type")) in CONTAINERS:
            if depth + 1 >= MAX_DEPTH:
                yield str(item.get("id", "")), _("Containers are nested more than %(n)s deep.", n=MAX_DEPTH)
            else:
                yield from _not_components(item, depth + 1)


def _duplicates(components: tuple[Component, ...]) -> Iterator[tuple[str, str]]:
    """Values of one object under one name."""
    counts = Counter(item.key for item in level(components))
    for key, count in counts.items():
        if count > 1:
            yield key, _("%(n)s fields share the key %(key)s.", n=count, key=key)
    for item in level(components):
        yield from _duplicates(item.children)


def _same_ids(components: tuple[Component, ...]) -> Iterator[tuple[str, str]]:
    ids = Counter(str(item.raw["id"]) for item in walk(components) if item.raw.get("id"))
    for ref, count in ids.items():
        if count > 1:
            yield ref, _("%(n)s components share the id %(id)s.", n=count, id=ref)


def _of_component(item: Component) -> Found:
    if item.type not in KNOWN:
        yield "type", "error", _("Components of type %(type)s are not supported.", type=item.type or "?")
        return
    for check in _CHECKS:
        yield from check(item)


def _check_key(item: Component) -> Found:
    name = item.raw.get("path" if item.type in CONTAINERS else "key")
    needed = item.type in INPUTS or item.type == "dynamiclist"
    if (needed and not name) or (name and (not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > 100)):
        yield "key", "error", _("The field needs a key of letters, digits and _, not beginning with a digit.")


def _check_label(item: Component) -> Found:
    if item.type not in INPUTS - {"expression"}:
        return
    if item.label == item.key:
        yield "label", "error", _("The field needs a label.")
    elif not isinstance(item.properties.get("label_en"), str) or not item.properties["label_en"]:
        yield "label_en", "warning", _("The label has no English twin (properties.label_en).")
    if item.raw.get("description") and not item.properties.get("description_en"):
        yield "description_en", "warning", _("The description has no English twin (properties.description_en).")


def _check_options(item: Component) -> Found:
    if item.type not in CHOICES or not options.is_static(item):
        return
    values = item.raw.get("values")
    if not isinstance(values, list) or not values:
        yield "options", "error", _("There is nothing to choose from.")
        return
    kept: list[Any] = []
    for option in values:
        value = options.value_of(option)
        if value is None or isinstance(value, (list, dict)):
            yield "options", "error", _("A choice needs a value.")
        elif options.contains(kept, value):
            yield "options", "error", _("Two choices have the value %(value)s.", value=value)
        else:
            kept.append(value)
        if isinstance(option, Mapping) and not option.get("label_en"):
            yield "label_en", "warning", _("The choice %(value)s has no label_en.", value=value)


def _check_rules(item: Component) -> Found:
    rules = item.rules
    pattern = rules.get("pattern")
    if pattern is not None and (not isinstance(pattern, str) or (bad := patterns.problem(pattern))):
        yield "pattern", "error", _("The pattern cannot be used: %(why)s", why=bad if isinstance(pattern, str) else "?")
    for low, high in (("min", "max"), ("minLength", "maxLength")):
        lowest, highest = rules.get(low), rules.get(high)
        for name, value in ((low, lowest), (high, highest)):
            if value is not None and not expressions.is_expression(value) and not _is_number(value):
                yield "bounds", "error", _("%(name)s must be a number.", name=name)
        if _is_number(lowest) and _is_number(highest) and float(lowest) > float(highest):
            yield "bounds", "error", _("%(low)s is larger than %(high)s.", low=low, high=high)


def _is_number(value: Any) -> TypeGuard[float | str]:
    if isinstance(value, bool):
        return False
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _check_expressions(item: Component) -> Found:
    texts = {
        "conditional.hide": part(item.raw, "conditional").get("hide"),
        "expression": item.raw.get("expression") if item.type == "expression" else None,
        "valuesExpression": item.raw.get("valuesExpression"),
        **{f"validate.{name}": value for name, value in item.rules.items() if expressions.is_expression(value)},
    }
    for name, text in texts.items():
        if text is None or text == "":
            if name == "expression" and item.type == "expression":
                yield "feel", "error", _("The computed field has no expression.")
            continue
        why = expressions.problem(text) if isinstance(text, str) else _("it is no text")
        if why:
            yield "feel", "error", _("%(name)s cannot be read: %(why)s", name=name, why=why)


def _check_datetime(item: Component) -> Found:
    if item.type != "datetime":
        return
    kind = item.raw.get("subtype")
    if kind not in ("date", "time", "datetime"):
        yield "datetime", "error", _("subtype must be date, time or datetime.")
    if kind == "datetime" and item.raw.get("timeSerializingFormat") not in ("utc_offset", "utc_normalized"):
        yield "datetime", "error", _("A date and time must carry its offset: timeSerializingFormat utc_offset.")


def _check_files(item: Component) -> Found:
    for inner in walk(item.children):
        if inner.type == "filepicker" and item.key:
            yield "files", "error", _("Files cannot be asked for inside a list or a group with a path.")


def _check_role(item: Component) -> Found:
    role = item.properties.get("role")
    if role is None:
        return
    if str(role) not in ROLES:
        yield "role", "error", _("The role %(role)s is not known.", role=role)
    elif item.type not in {"textfield", "number"}:
        yield "role", "error", _("Only text and number fields take a role.")


def _check_source(item: Component) -> Found:
    source = item.raw.get("source")
    if item.type == "image" and isinstance(source, str) and not source.startswith(("/", "data:", "=")):
        yield "source", "error", _("Pictures come from this site only.")


_CHECKS: tuple[Callable[[Component], Found], ...] = (
    _check_key,
    _check_label,
    _check_options,
    _check_rules,
    _check_expressions,
    _check_datetime,
    _check_files,
    _check_role,
    _check_source,
)
