"""Scenarios that hold, and each way in which one can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.engine.scenarios.definitions import read_folders
from app.engine.scenarios.outcome import Outcome
from app.engine.scenarios.runner import play_file
from app.engine.scenarios.schema import read_file
from app.engine.scenarios.session import Session
from app.engine.scenarios.stage import Stage
from tests.engine.scenarios.stories import write_story

pytestmark = pytest.mark.usefixtures("english")

HEAD = "process: story\ndefaults: {story.mark: {}, story.sms: {}}\nscenarios:\n"
START = "    start: {business_key: GD1, data: {area: urban, unit: QS, out: false}}\n"
TAKEN = START + "    steps:\n      - complete: take\n        data: {crew: 7}\n"


def play(place: Stage, folder: Path, scenario: str) -> Outcome:
    file = write_story(folder, f"{HEAD}  - name: it\n{scenario}")
    (outcome,) = play_file(place, read_file(file), read_folders([folder]))
    return outcome


GOOD = {
    "a decision, a form, candidates, services, the end": TAKEN
    + """      - expect: {tasks: [act], data: {crew: 7, minutes: 45, level: 3}, calls: {story.mark: 1}}
      - complete: act
    services: {story.mark: {level: 3}, story.sms: [{result: {out: true}}]}
    end: {at: again, data: {crew: 7}}
""",
    "what an open task looks like": START
    + """    steps:
      - expect:
          tasks: [{element: take, candidates: [crew@QS], form: story-take, priority: 50}]
""",
    "a timer that does not interrupt": TAKEN
    + """      - expect: {waiting: [late, called_off]}
      - advance: PT44M
      - expect: {not_reached: [reminded]}
      - advance: PT1M
      - expect: {tasks: [act], reached: [reminded]}
      - complete: act
    end: {at: [done, reminded]}
""",
    "a message": TAKEN + "      - message: {name: cancelled}\n    end: {at: off}\n",
    "a business error": TAKEN + "    services: {story.mark: {error: NO_CREW}}\n    end: {at: no_crew}\n",
    "a service that fails and recovers": TAKEN
    + """      - complete: act
      - expect: {calls: {story.sms: 1}, status: active}
      - advance: PT10M
    services: {story.sms: [{fail: gateway down}, {result: {out: false}}]}
    end: {at: done}
""",
    "an incident and its retry": TAKEN
    + """      - complete: act
      - advance: P2D
      - expect: {incidents: [sms]}
      - retry: sms
      - expect: {incidents: []}
    services: {story.sms: [{fail: a}, {fail: a}, {fail: a}, {fail: a}, {fail: a}, {}]}
    end: {at: done}
""",
    "suspended and resumed": TAKEN
    + """      - suspend: wait
      - advance: PT2H
      - expect: {status: suspended, not_reached: [reminded]}
      - resume: go on
      - expect: {reached: [reminded]}
""",
    "terminated": TAKEN + "      - terminate: a mistake\n    end: {status: terminated}\n",
    "expected to fail": START + "    expected_to_fail: true\n    steps:\n      - complete: act\n",
}


@pytest.mark.parametrize("scenario", GOOD.values(), ids=GOOD.keys())
def test_a_scenario_that_holds(place: Stage, tmp_path: Path, scenario: str) -> None:
    outcome = play(place, tmp_path, scenario)
    assert outcome.passed, outcome.message


BAD = {
    "other tasks": (
        START + "    steps:\n      - expect: {tasks: [act]}\n",
        7,
        r"\[act\] was expected, \[take\] is there",
    ),
    "no such task": (START + "    steps:\n      - complete: act\n", 7, "no task act is open"),
    "unknown form field": (
        START + "    steps:\n      - complete: take\n        data: {crew: 7, colour: red}\n",
        7,
        "colour",
    ),
    "missing form field": (START + "    steps:\n      - complete: take\n", 7, "crew"),
    "other data": (TAKEN + "      - expect: {data: {minutes: 90}}\n", 9, "minutes: 90 was expected, 45 is there"),
    "true is not 1": (TAKEN + "      - expect: {data: {crew: true}}\n", 9, "crew"),
    "message for nobody": (
        START + "    steps:\n      - message: {name: cancelled}\n",
        7,
        "nothing waits for the message cancelled",
    ),
    "unexpected incident": (
        TAKEN + "      - complete: act\n      - advance: P2D\n    services: {story.sms: {fail: gateway down}}\n",
        10,
        "gateway down",
    ),
    "undeclared error": (TAKEN + "    services: {story.mark: {error: OTHER}}\n", 7, "has no error OTHER"),
    "unknown service": (START + "    services: {story.other: {}}\n", 4, "story.other"),
    "other end": (TAKEN + "      - complete: act\n    end: {at: off}\n", 4, "off"),
    "not ended": (TAKEN + "    end: {}\n", 4, "active"),
    "bad duration": (TAKEN + "      - advance: tomorrow\n", 9, "tomorrow"),
    "expected to fail, but holds": (START + "    expected_to_fail: true\n", 4, "expected to fail"),
}


@pytest.mark.parametrize(("scenario", "line", "message"), BAD.values(), ids=BAD.keys())
def test_a_scenario_that_does_not_hold(place: Stage, tmp_path: Path, scenario: str, line: int, message: str) -> None:
    outcome = play(place, tmp_path, scenario)
    assert not outcome.passed
    assert outcome.message.startswith(f"{tmp_path}/scenarios/story.yaml:{line}: it: ")
    assert re.search(message, outcome.message), outcome.message


def test_a_service_without_a_result_is_named(place: Stage, tmp_path: Path) -> None:
    file = write_story(tmp_path, f"process: story\nscenarios:\n  - name: it\n{TAKEN}")
    (outcome,) = play_file(place, read_file(file), read_folders([tmp_path]))
    assert "story.mark" in outcome.message


def test_a_diagram_that_is_refused_fails_every_scenario(place: Stage, tmp_path: Path) -> None:
    file = write_story(tmp_path, f"{HEAD}  - name: it\n{START}")
    (tmp_path / "limits.dmn").unlink()
    (outcome,) = play_file(place, read_file(file), read_folders([tmp_path]))
    assert "story_limits" in outcome.message


def test_scenarios_do_not_see_each_other(place: Stage, tmp_path: Path) -> None:
    one = f"  - name: one\n{TAKEN}      - expect: {{calls: {{story.mark: 1}}}}\n"
    file = write_story(tmp_path, HEAD + one + one.replace("name: one", "name: two"))
    assert all(outcome.passed for outcome in play_file(place, read_file(file), read_folders([tmp_path])))


def test_coverage_names_what_was_not_reached(place: Stage, tmp_path: Path) -> None:
    file = write_story(tmp_path, f"{HEAD}  - name: it\n{TAKEN}      - complete: act\n    end: {{at: done}}\n")
    session = Session(place, read_folders([tmp_path]))
    assert all(outcome.passed for outcome in session.play(read_file(file)))
    (covered,) = session.coverage.sorted()
    assert {"late", "called_off", "refused", "f_result_again"} <= set(covered.unreached)
    assert not {"take", "act", "result", "f_result_done", "f_s_limit"} & set(covered.unreached)
    assert 0 < covered.percent < 100
