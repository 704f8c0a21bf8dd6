"""What the browser needs to show a form: the form in the reader's language, the values it uses, files and texts.

Only variables that the form itself names go out to the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from app.forms.drafts import Draft
from app.forms.fields import Component, read, walk
from app.forms.localization import localize, localize_options
from app.forms.texts import form_texts
from app.forms.uploads import describe
from app.kernel.i18n import current_locale, format_when

WORD = re.compile(r"[^\W\d]\w*")


def needed_names(form: Mapping[str, Any]) -> set[str]:
    """Every name the form may read: keys, `valuesKey`, and the words of expressions and templates."""
    components = read(form)
    names = {item.key for item in walk(components) if item.key}
    names |= {str(item.raw["valuesKey"]) for item in walk(components) if item.raw.get("valuesKey")}
    for text in _texts(form):
        if text.startswith("=") or "{{" in text:
            names |= set(WORD.findall(text))
    return names


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def form_input(
    form: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    draft: Draft | None = None,
    errors: Mapping[str, Any] | None = None,
    submit_label: str = "",
) -> dict[str, Any]:
    """The JSON that `frontend/src/form/controller.js` reads; a draft's values lie over the process's."""
    names = needed_names(form)
    values = {**data, **(draft.data if draft else {})}
    components = read(form)
    local = localize(form, current_locale())
    label = submit_label or _button_label(read(local))
    return {
        "schema": _without_buttons(local),
        "data": _shown_data(components, {name: value for name, value in values.items() if name in names}),
        "files": {i.key: describe(values.get(i.key)) for i in walk(components) if i.type == "filepicker"},
        "errors": dict(errors or {}),
        "texts": form_texts(),
        "locale": current_locale(),
        "submit": label,
        "saved": format_when(draft.saved_at) if draft else "",
    }


def _shown_data(components: tuple[Component, ...], values: dict[str, Any]) -> dict[str, Any]:
    """The values, with options that come from variables in the reader's language."""
    for key in {str(item.raw["valuesKey"]) for item in walk(components) if item.raw.get("valuesKey")} & set(values):
        values[key] = localize_options(values[key], current_locale())
    return values


def _button_label(components: tuple[Component, ...]) -> str:
    """The label of the form's own submit button, which the page's button takes over."""
    for item in walk(components):
        if item.type == "button" and item.raw.get("action", "submit") == "submit":
            return str(item.raw.get("label") or "")
    return ""


def _without_buttons(raw: dict[str, Any]) -> dict[str, Any]:
    """The page has its own button, with progress; a reset button would lose work by a slip."""
    components = raw.get("components")
    if isinstance(components, list):
        raw["components"] = [
            _without_buttons(item) for item in components if isinstance(item, dict) and item.get("type") != "button"
        ]
    return raw


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(form_input=form_input)
