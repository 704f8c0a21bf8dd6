"""The answers to the guided questions of a category, checked against its form (forms/intake)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.forms.api import InvalidForm, validate
from app.workorders.operations.report import InvalidReport, Report
from app.workorders.queries.tree import questions


def answers_of(report: Report, *, now: datetime) -> Mapping[str, Any]:
    """The answers of a report as they are kept. Raises `InvalidReport` with errors by `details.<key>`."""
    return checked(report.category, report.sub_type, report.details, now=now)


def checked(category: str, sub_type: str, answers: Mapping[str, Any], *, now: datetime) -> Mapping[str, Any]:
    """The answers to a category's questions as they are kept. Raises `InvalidReport` with errors by `details.<key>`."""
    form = questions(category, sub_type)
    if form is None:
        return {}
    try:
        return validate(form, answers, now=now)
    except InvalidForm as refused:
        errors = {f"details.{path}": messages for path, messages in refused.errors.items()}
        raise InvalidReport(_l("The report is not complete."), errors=errors) from refused
