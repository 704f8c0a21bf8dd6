"""The code lists, and that forms offer exactly their words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from flask import Flask

from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.settings import ROOT
from app.workorders.operations import sync_codes
from app.workorders.operations.codes import STANDARD
from app.workorders.queries.codes import code, codes

LISTS = yaml.safe_load(STANDARD.read_text(encoding="utf-8"))

FIELDS = {
    "return_reason": "return_reason",
    "fault_type": "fault_type",
    "fault_cause": "fault_cause",
    "symptom": "symptom",
    "ownership": "ownership",
    "voltage": "voltage",
    "hazard": "hazard",
    "reply_contacted": "contacted",
    "reply_fault_type": "fault_type",
    "reply_fault_cause": "fault_cause",
    "reply_ownership": "ownership",
    "send_back_reasons": "send_back_reason",
    "callback_result": "callback_result",
    "satisfaction": "satisfaction",
}
"""Field of a form -> code list."""


def components() -> list[tuple[str, dict[str, object]]]:
    return [
        (path.stem, each)
        for path in sorted(ROOT.glob("forms/*/*.form"))
        for each in json.loads(path.read_text(encoding="utf-8"))["components"]
        if each.get("key") in FIELDS
    ]


@pytest.mark.parametrize(("form", "component"), components())
def test_forms_offer_the_words_of_the_lists(form: str, component: dict[str, object]) -> None:
    offered = [option["value"] for option in component["values"]]  # type: ignore[attr-defined]
    assert offered == list(LISTS[FIELDS[str(component["key"])]])


def test_syncing_twice_changes_nothing_and_a_word_gone_is_kept_inactive(
    app: Flask, clock: FrozenClock, tmp_path: Path
) -> None:
    assert sync_codes(actor=SYSTEM, now=clock.now()) > 0
    assert sync_codes(actor=SYSTEM, now=clock.now()) == 0
    shorter = {**LISTS, "mood": {"calm": ["平和", "Calm"]}}
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(shorter, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert sync_codes(actor=SYSTEM, now=clock.now(), path=path) == 3
    assert [each.name for each in codes("mood")] == ["平和"]
    assert code("mood", "agitated") is not None
