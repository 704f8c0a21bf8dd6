"""The flows of the line as files: nothing wrong, everything reached, and an end wherever the caller hangs up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.kernel.clock import LOCAL
from app.telephony import folder
from app.telephony.ivr.commands import Gather, Lookup
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.linting import lint
from app.telephony.ivr.phone import Phone, stubbed
from app.telephony.ivr.pieces import Prompt
from app.telephony.ivr.transcripts.coverage import covered, play_all
from app.telephony.ivr.transcripts.playing import play
from app.telephony.known import known


@pytest.fixture
def flows(app: Flask) -> FlowSet:
    return folder.load()


def test_nothing_is_wrong_with_them(flows: FlowSet) -> None:
    assert [str(problem) for problem in lint(flows, known(database=False))] == []


def test_transcripts_pass_and_reach_everything(flows: FlowSet) -> None:
    outcomes = play_all(flows)
    assert [f"{outcome.flow}: {outcome.name}: {outcome.message}" for outcome in outcomes if not outcome.passed] == []
    for flow in flows:
        found = covered(flows, flow, outcomes)
        assert (found.missed_nodes, found.missed_exits) == ((), ()), flow.name


def test_every_node_has_words_for_people_in_both_languages(flows: FlowSet) -> None:
    assert [f"{flow.name}/{node.name}" for flow in flows for node in flow.nodes.values() if not node.title] == []
    assert [f"{flow.name}/{node.name}" for flow in flows for node in flow.nodes.values() if not node.title_en] == []


def test_who_knows_no_chinese_is_offered_english_in_english(flows: FlowSet) -> None:
    phone = Phone.call(flows, "line_95598", {"id": "c-1", "number": ""}, datetime(2026, 3, 2, 9, tzinfo=LOCAL))
    while isinstance(phone.waiting, Lookup):
        phone.answer(stubbed({"error": "unavailable"}))
    assert isinstance(phone.waiting, Gather)
    assert Prompt("line.english", "en") in phone.waiting.pieces


def test_hanging_up_after_any_step_of_any_call_ends_it(flows: FlowSet) -> None:
    tried = 0
    for flow in flows:
        for transcript in flow.transcripts:
            steps = [step for step in transcript["steps"] if "expect" not in step]
            ended = next((n for n, step in enumerate(steps) if "hang_up" in step), len(steps))
            for begun in (steps[:count] for count in range(ended + 1)):
                outcome = play(flows, flow, _until(transcript, begun))
                if not outcome.passed:  # what is under way without the caller (a fax) ends, and then the call does
                    outcome = play(flows, flow, _until(transcript, begun, {"fail": "failed"}))
                assert outcome.passed, f"{flow.name}: {transcript['name']} after {len(begun)}: {outcome.message}"
                tried += 1
    assert tried > 400


def _until(transcript: Any, steps: list[Any], *then: Any) -> dict[str, Any]:
    """The call up to there, and then the receiver is put down; a call that has ended already stays ended."""
    return {**transcript, "steps": [*steps, {"hang_up": True}, *then], "end": {}}
