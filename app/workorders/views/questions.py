"""The guided questions of a category on server-rendered pages: its form as plain fields, what was sent as answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.engine import api as engine
from app.forms.api import localize
from app.kernel.clock import LOCAL
from app.kernel.errors import NotFound
from app.kernel.i18n import current_locale, localized
from app.workorders.queries.tree import items, kinds, questions, sub_types

PREFIX = "q."
KINDS = {"textfield": "text", "textarea": "textarea", "number": "number", "checkbox": "checkbox"}


@dataclass(frozen=True, slots=True)
class Question:
    """One field: `type` as the page's field macro knows it, `options` for choices."""

    key: str
    name: str
    label: str
    type: str
    options: list[tuple[str, str]] | None
    required: bool


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `_kind.html` shows for the chosen category and sub-type."""
    category, sub_type = str(values.get("category") or "fault_repair"), str(values.get("sub_type") or "")
    return {
        "item_options": [(each.code, localized(each.name, each.name_en)) for each in items(sub_type)],
        "questions": fields_of(category, sub_type),
    }


def fields_of(category: str, sub_type: str) -> list[Question]:
    """The questions of a category in the reader's language."""
    form = questions(category, sub_type)
    return [_question(each) for each in _keyed(localize(form, current_locale()))] if form else []


def chosen_kind() -> tuple[str, str]:
    """Category and sub-type of the field `kind` that was sent: `complaint/complaint_service`."""
    category, _slash, sub_type = request.form.get("kind", "")[:80].partition("/")
    return category, sub_type


def answers_sent(category: str, sub_type: str) -> dict[str, Any]:
    """The answers of the form that was sent, as the form's values; what was left open is left out."""
    found: dict[str, Any] = {}
    for question in fields_of(category, sub_type):
        sent = request.form.get(question.name, "").strip()
        if sent:
            found[question.key] = _value(question.type, sent)
    return found


def answered(category: str, sub_type: str, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The answers of an order, label and words, in the order of the form; those of a category it had before as well."""
    known = {question.key: question for question in fields_of(category, sub_type)}
    if details.keys() - known.keys():
        known = _all_questions() | known
    return [
        (known[key].label if key in known else key, _words(value, known.get(key)))
        for key, value in details.items()
        if value not in (None, "", [], False)
    ]


def _all_questions() -> dict[str, Question]:
    """The questions of all categories by key, for answers that an order brought from another one."""
    kinds_ = [(top.code, sub) for top in kinds() for sub in ("", *(each.code for each in sub_types(top.code)))]
    return {question.key: question for category, sub in kinds_ for question in fields_of(category, sub)}


def words_of(process: str, stage: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a stage kept, label and words, by the form of its task (`<process>-<stage>`)."""
    try:
        form = localize(engine.form("", f"{process}-{stage}"), current_locale())
    except NotFound:
        form = {"components": []}
    known = {question.key: question for question in map(_question, _keyed(form))}
    return [(known[key].label if key in known else key, _words(value, known.get(key))) for key, value in values.items()]


def _keyed(form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in form["components"] if each.get("key")]


def _question(component: Mapping[str, Any]) -> Question:
    kind = str(component["type"])
    options = [(str(each["value"]), str(each["label"])) for each in component.get("values", ())] or None
    required = bool(component.get("validate", {}).get("required"))
    if kind == "datetime":
        kind = "date" if component.get("subtype") == "date" else "datetime-local"
    label = component.get("label") or component.get("dateLabel") or component["key"]
    if options:
        options = [("", _("Not said")), *options]
    return Question(
        str(component["key"]), f"{PREFIX}{component['key']}", str(label), KINDS.get(kind, kind), options, required
    )


def _value(kind: str, sent: str) -> Any:
    if kind == "number":
        try:
            return float(sent) if "." in sent else int(sent)
        except ValueError:
            return sent
    if kind == "checkbox":
        return True
    if kind == "datetime-local":
        try:
            return datetime.fromisoformat(sent).replace(tzinfo=LOCAL).isoformat()
        except ValueError:
            return sent
    return sent


def _words(value: Any, question: Question | None) -> str:
    names = dict(question.options or ()) if question else {}
    return names.get(str(value), str(value))
