"""A marshmallow schema built from a form: types, bounds, choices, and no field the form does not know.

A field is required here when the form says so and nothing can hide it; fields that may
be hidden are required by `validation`, which knows the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, fields, validate

from app.forms.fields import Component, level, read
from app.forms.values import FIELDS, LIST_BOUND

MESSAGES = {
    "required": _l("This field is required."),
    "null": _l("This field is required."),
    "type": _l("Must be an object."),
    "unknown": _l("The form has no such field."),
}


class FormSchema(Schema):
    """The base of every form's schema: an unknown field is an error by its name."""

    error_messages = {"unknown": MESSAGES["unknown"], "type": MESSAGES["type"]}  # noqa: RUF012 - marshmallow's way

    class Meta:
        unknown = RAISE


def schema_of(form: Mapping[str, Any]) -> type[Schema]:
    """The schema class of a form."""
    return _schema(read(form), str(form.get("id") or "form"), hideable=False)


def _schema(components: tuple[Component, ...], name: str, *, hideable: bool) -> type[Schema]:
    hidden = _may_hide(components, hideable)
    attributes = {item.key: _field(item, may_hide=hidden[item.key]) for item in level(components)}
    return type(f"{name.title().replace('-', '').replace('_', '')}Schema", (FormSchema,), attributes)


def _may_hide(components: tuple[Component, ...], inherited: bool) -> dict[str, bool]:
    """Key -> whether a condition of its own or of a group around it can hide it."""
    found: dict[str, bool] = {}
    for item in components:
        hides = inherited or bool(item.hide)
        if item.type == "group" and not item.key:
            found |= _may_hide(item.children, hides)
        elif item.key:
            found[item.key] = hides
    return found


def _field(item: Component, *, may_hide: bool) -> fields.Field[Any]:
    if item.type == "group":
        return fields.Nested(_schema(item.children, item.key, hideable=may_hide), error_messages=MESSAGES)
    if item.type == "dynamiclist":
        inner = fields.Nested(_schema(item.children, item.key, hideable=may_hide), error_messages=MESSAGES)
        most = validate.Length(max=LIST_BOUND, error=_l("Too many entries."))
        return fields.List(inner, validate=most, error_messages={"invalid": _l("Must be a list.")})
    required = item.rules.get("required") is True and not may_hide and not item.is_fixed
    return FIELDS[item.type](item, required=required, error_messages=MESSAGES)
