"""A process of every kind of waiting, with its scenarios, in a folder: what the runner's tests play."""

from __future__ import annotations

import json
from pathlib import Path

from tests.engine.decisions.models import decision as dmn_decision
from tests.engine.decisions.models import model, table
from tests.engine.diagrams import (
    boundary,
    chain,
    decision,
    diagram,
    end,
    error,
    flow,
    gateway,
    message,
    on_error,
    on_message,
    service,
    start,
    timer,
    user,
)

FORM = {
    "id": "story-take",
    "type": "default",
    "components": [
        {"type": "number", "key": "crew", "label": "班组", "validate": {"required": True}},
        {"type": "textfield", "key": "note", "label": "备注"},
    ],
}

LIMITS = model(dmn_decision("story_limits", table(["area"], ["minutes"], [['"urban"', "45"], ['"rural"', "90"]])))

STORY = diagram(
    start(),
    decision("limit", "story_limits", camunda_resultVariable="minutes", camunda_mapDecisionResult="singleEntry"),
    user("take", camunda_formRef="story-take", camunda_candidateGroups="crew@${unit}"),
    service("mark", "story.mark"),
    boundary("refused", "mark", on_error("NO_CREW")),
    user("act"),
    boundary("late", "act", timer("PT45M"), interrupting=False),
    boundary("called_off", "act", on_message("cancelled")),
    service("sms", "story.sms", external=True),
    gateway("result", default="f_result_done"),
    end("done"),
    end("again"),
    end("off"),
    end("no_crew"),
    end("reminded"),
    chain("s", "limit", "take", "mark", "act", "sms", "result"),
    chain("refused", "no_crew"),
    chain("late", "reminded"),
    chain("called_off", "off"),
    flow("result", "done"),
    flow("result", "again", "out == True"),
    key="story",
    before=message("cancelled") + error("NO_CREW"),
)


def write_story(folder: Path, scenarios: str) -> Path:
    """The files in `folder`; gives the scenario file."""
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    (folder / "story.bpmn").write_bytes(STORY)
    (folder / "limits.dmn").write_bytes(LIMITS)
    (folder / "take.form").write_text(json.dumps(FORM))
    path = folder / "scenarios" / "story.yaml"
    path.write_text(scenarios)
    return path
