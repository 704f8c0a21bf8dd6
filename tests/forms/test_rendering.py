"""What goes to the browser: the reader's language, the values the form names, no buttons."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.forms.api import localize
from app.forms.drafts import Draft
from app.forms.rendering import form_input, needed_names
from tests.conftest import START
from tests.forms.samples import everything, variables


@pytest.fixture(autouse=True)
def application(app: Flask) -> None:
    """Rendering needs an application."""


def _labels(form: dict[str, Any]) -> list[str]:
    return [item.get("label", item.get("dateLabel", "")) for item in form["components"]]


def test_chinese_stays_as_written() -> None:
    assert localize(everything(), "zh") == everything()


def test_english_takes_every_twin() -> None:
    form = localize(everything(), "en")
    shown = json.dumps(
        {**form, "components": [i for i in form["components"] if i["type"] != "radio"]}, ensure_ascii=False
    )
    assert "Restoration expected" in shown
    assert "Lightning" in shown
    assert all(label.isascii() for label in _labels(form))
    assert form["components"][0]["text"] == "### Survey on site"


def test_localizing_leaves_the_original_alone() -> None:
    form = everything()
    localize(form, "en")
    assert form == everything()


def test_only_named_variables_go_out() -> None:
    names = needed_names(everything())
    assert {"crew_members", "station", "cause", "customers", "parts", "part"} <= names
    assert "secret" not in names
    assert "secret" not in form_input(everything(), variables())["data"]


def test_the_forms_button_becomes_the_pages() -> None:
    found = form_input(everything(), {})
    assert found["submit"] == "提交勘查"
    assert "button" not in {item["type"] for item in found["schema"]["components"]}
    with force_locale("en"):
        assert form_input(everything(), {})["submit"] == "Send survey"


def test_a_draft_lies_over_the_variables() -> None:
    found = form_input(everything(), {"contact": "old"}, draft=Draft({"contact": "new"}, START))
    assert found["data"]["contact"] == "new"
    assert found["saved"]


def test_options_of_variables_come_in_the_readers_language() -> None:
    form = {"components": [{"type": "select", "key": "crew", "valuesKey": "crews"}]}
    data = {"crews": [{"value": 1, "label": "抢修一班", "label_en": "Crew 1"}, {"value": 2, "label": "二班"}]}
    with force_locale("en"):
        shown = form_input(form, data)["data"]["crews"]
    assert [option["label"] for option in shown] == ["Crew 1", "二班"]
    assert form_input(form, data)["data"] == data
