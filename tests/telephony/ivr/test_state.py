"""The stored format of a call: old samples are read for ever."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from app.telephony.ivr.state import VERSION, Frame, State, UnknownState

SAMPLES = sorted((Path(__file__).parent / "states").glob("v*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_state_of_every_version_is_read(sample: Path) -> None:
    state = State.from_json(orjson.loads(sample.read_bytes()))
    assert (state.flow, state.node, state.waits_for) == ("identify", "ask", "gather")
    assert state.frames[0].trail == ("main",)
    assert state.masked == ("password",)
    assert State.from_json(state.to_json()) == state


def test_the_format_of_this_version_is_the_frozen_one() -> None:
    """A change of the format needs a new version, a migration and a sample of its own."""
    frozen = orjson.loads((Path(__file__).parent / "states" / f"v{VERSION}.json").read_bytes())
    assert State.from_json(frozen).to_json() == frozen
    assert {str(number) for number in range(1, VERSION + 1)} == {path.stem.removeprefix("v") for path in SAMPLES}


@pytest.mark.parametrize("version", [None, 0, VERSION + 1, "1"])
def test_an_unknown_version_is_refused(version: object) -> None:
    with pytest.raises(UnknownState):
        State.from_json({"version": version})


def test_masked_variables_are_not_shown() -> None:
    frame = Frame("f", "n", {"password": "123456", "account": "1"})
    state = State(pins={}, call={}, language="zh", frames=(frame,), masked=("password",))
    assert state.shown() == {"password": "****", "account": "1"}
