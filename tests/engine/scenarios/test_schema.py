"""Scenario files: what may stand in them, and how mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.scenarios.loading import BadScenarioFile
from app.engine.scenarios.schema import read_file

HEAD = "process: p\nscenarios:\n  - name: a\n"


def read(tmp_path: Path, text: str | bytes) -> list[tuple[int, str]]:
    """The faults of a file."""
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        read_file(path)
    except BadScenarioFile as error:
        return error.faults
    return []


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("process: p\n", 1, "scenarios"),
        ("[1]", 1, "process"),
        ("process: p\nscenarios: []\n", 2, "scenarios"),
        (HEAD + "    colour: red\n", 4, "colour"),
        (HEAD + "    steps:\n      - expect: {task: [x]}\n", 5, "task"),
        (HEAD + "    steps:\n      - complete: x\n        dta: {}\n", 6, "dta"),
        (HEAD + "    steps:\n      - jump: high\n", 5, "expect"),
        (HEAD + "    steps:\n      - complete: a\n        advance: PT1M\n", 5, "expect"),
        (HEAD + "    now: tomorrow\n", 4, "2026"),
        (HEAD + "    now: 2026-03-02T09:00:00\n", 4, "+08:00"),
        (HEAD + "    services: {x: 5}\n", 4, "fail"),
        (HEAD + "    end: {status: lost}\n", 4, "status"),
        (HEAD + "  - name: a\n", 4, "scenarios.1"),
        ("a: [1", 1, ""),
        (b"\xff\xfe", 1, "UTF-8"),
        ("a: &a [x]\nb: !!python/object:os.system {}\n", 2, "python"),
        ("x" * 1_100_000, 1, ""),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str | bytes, line: int, word: str) -> None:
    faults = read(tmp_path, text)
    assert faults
    assert faults[0][0] == line
    assert word in faults[0][1]


def test_a_bomb_of_references_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    assert read(tmp_path, "\n".join(lines))


def test_dates_stay_texts_and_defaults_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("process: p\ndefaults: {s: {}}\nscenarios:\n  - name: a\n    start: {data: {at: 2026-03-02}}\n")
    (scenario,) = read_file(path).scenarios
    assert scenario.start["data"] == {"at": "2026-03-02"}
    assert scenario.services == {"s": [{}]}
    assert scenario.now.isoformat() == "2026-03-02T09:00:00+08:00"
