"""One marshmallow field a form-js type: what a sent value must be and what is kept of it.

Every text, list and number has an upper bound. Bounds written as FEEL are evaluated
where the value is checked.
"""

from __future__ import annotations

from typing import Any

from app.forms.values.base import ComponentField, scope
from app.forms.values.choice import CheckboxValue, ChoiceValue, ManyValue
from app.forms.values.moment import DatetimeValue
from app.forms.values.number import NumberValue
from app.forms.values.other import ComputedValue, FilesValue
from app.forms.values.text import TextValue

__all__ = ["EMPTY", "FIELDS", "LIST_BOUND", "scope"]

LIST_BOUND = 100
"""Items of a dynamic list."""

FIELDS: dict[str, type[ComponentField]] = {
    "textfield": TextValue,
    "textarea": TextValue,
    "number": NumberValue,
    "checkbox": CheckboxValue,
    "radio": ChoiceValue,
    "select": ChoiceValue,
    "checklist": ManyValue,
    "taglist": ManyValue,
    "datetime": DatetimeValue,
    "filepicker": FilesValue,
    "expression": ComputedValue,
}

EMPTY: dict[str, Any] = {
    "textfield": "",
    "textarea": "",
    "checkbox": False,
    "checklist": [],
    "taglist": [],
    "filepicker": [],
}
"""What form-js sends for an input left empty; None for the other types."""
