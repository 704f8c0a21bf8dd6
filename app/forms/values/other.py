"""Uploaded files by their ids, and computed values."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.forms.values.base import MANY_BOUND, ComponentField


class FilesValue(ComponentField):
    """filepicker: ids of stored files; whether they exist and whose they are is checked by `validation`."""

    def check(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            raise ValidationError(_("Must be a list of uploaded files."))
        most = MANY_BOUND if self.component.raw.get("multiple") else 1
        if len(value) > most:
            raise ValidationError(_("At most %(n)s files are allowed; there are %(m)s.", n=most, m=len(value)))
        return list(dict.fromkeys(value))


class ComputedValue(ComponentField):
    """expression: whatever was sent is dropped; `validation` computes it."""

    def check(self, value: Any) -> Any:
        return None
