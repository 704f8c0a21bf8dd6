"""A form in the reader's language: Chinese as written, English from the `_en` twins in `properties`."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.forms.fields import part

TWINS = (
    "label",
    "description",
    "text",
    "content",
    "dateLabel",
    "timeLabel",
    "alt",
    "title",
)
"""Texts of a component with a twin `<name>_en` in `properties`."""


def localize(form: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """A copy of the form in `zh` or `en`; where a twin is missing the Chinese text stays."""
    copied = deepcopy(dict(form))
    if locale == "en":
        _to_english(copied)
    return copied


def _to_english(raw: dict[str, Any]) -> None:
    twins = part(raw, "properties")
    for name in TWINS:
        if isinstance(text := twins.get(f"{name}_en"), str) and text:
            raw[name] = text
    if isinstance(raw.get("dateLabel"), str) and not twins.get("dateLabel_en") and twins.get("label_en"):
        raw["dateLabel"] = twins["label_en"]
    rules = raw.get("validate")
    if isinstance(rules, dict) and isinstance(text := twins.get("patternErrorMessage_en"), str):
        rules["patternErrorMessage"] = text
    _choices(raw.get("values"))
    components = raw.get("components")
    for item in components if isinstance(components, list) else []:
        if isinstance(item, dict):
            _to_english(item)


def localize_options(values: Any, locale: str) -> Any:
    """Options that come from a variable, in `zh` or `en`; a value that is no list stays as it is."""
    if locale != "en" or not isinstance(values, list):
        return values
    copied = deepcopy(values)
    _choices(copied)
    return copied


def _choices(values: Any) -> None:
    for option in values if isinstance(values, list) else []:
        if isinstance(option, dict) and isinstance(text := option.get("label_en"), str) and text:
            option["label"] = text
