"""Yes or no, one of several, several of many."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.forms import options
from app.forms.values.base import MANY_BOUND, ComponentField, present


class CheckboxValue(ComponentField):
    def check(self, value: Any) -> Any:
        if not isinstance(value, bool):
            raise ValidationError(_("Must be yes or no."))
        return value


class ChoiceValue(ComponentField):
    """radio, select."""

    def check(self, value: Any) -> Any:
        if value == "":
            return None
        if not options.contains(options.values_of(self.component, present()), value):
            raise ValidationError(_("Is not one of the choices."))
        return value


class ManyValue(ComponentField):
    """checklist, taglist: a list of different choices."""

    def check(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(_("Must be a list."))
        if len(value) > MANY_BOUND:
            raise ValidationError(_("At most %(n)s entries are allowed; there are %(m)s.", n=MANY_BOUND, m=len(value)))
        allowed = options.values_of(self.component, present())
        kept: list[Any] = []
        for item in value:
            if not options.contains(allowed, item):
                raise ValidationError(_("Is not one of the choices."))
            if not options.contains(kept, item):
                kept.append(item)
        return kept
