"""Texts: every one has an upper bound, whether the form states one or not."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.forms import patterns
from app.forms.values.base import ComponentField, bound

TEXT_BOUND = {"textfield": 500, "textarea": 10_000}

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
PHONE = re.compile(r"(\+|00)[1-9][0-9]{6,20}")


class TextValue(ComponentField):
    """textfield, textarea."""

    def check(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError(_("Must be a text."))
        if any(c in value for c in "\x00\x0b\x0c") or (not value.isprintable() and _has_control(value)):
            raise ValidationError(_("Must not hold control characters."))
        length = len(value.strip())
        self._check_length(length)
        if value:
            self._check_form(value)
        return value

    def _check_length(self, length: int) -> None:
        longest = bound(self.component, "maxLength")
        limit = TEXT_BOUND.get(self.component.type, 500) if longest is None else int(longest)
        if length > limit:
            raise ValidationError(_("At most %(n)s characters are allowed; there are %(m)s.", n=limit, m=length))
        shortest = bound(self.component, "minLength")
        if shortest is not None and 0 < length < shortest:
            raise ValidationError(_("At least %(n)s characters are needed.", n=int(shortest)))

    def _check_form(self, value: str) -> None:
        rules = self.component.rules
        pattern = rules.get("pattern")
        if pattern and isinstance(pattern, str) and not patterns.matches(pattern, value):
            own = rules.get("patternErrorMessage")
            raise ValidationError(own if isinstance(own, str) and own else _("Does not have the expected form."))
        kind = rules.get("validationType")
        if kind == "email" and not EMAIL.fullmatch(value):
            raise ValidationError(_("Must be an e-mail address."))
        if kind == "phone" and not PHONE.fullmatch(value):
            raise ValidationError(_("Must be an international phone number, such as +8613800000000."))


def _has_control(value: str) -> bool:
    return any(ord(c) < 32 and c not in "\t\r\n" for c in value) or "\x7f" in value
