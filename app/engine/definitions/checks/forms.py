"""Forms are checked by the forms package; its findings become ours."""

from __future__ import annotations

from typing import cast

from app.engine.definitions.problems import Problem, Severity
from app.forms import checking


def check_form(name: str, content: bytes) -> list[Problem]:
    return [
        Problem(found.file, found.element, found.rule, cast(Severity, found.severity), found.message)
        for found in checking.check_form(name, content)
    ]
