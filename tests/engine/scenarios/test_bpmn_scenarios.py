"""Every scenario beside a diagram of the project, as a test of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from app import create_app
from app.engine.scenarios.definitions import needed, read_folders
from app.engine.scenarios.model import Scenario, ScenarioFile
from app.engine.scenarios.runner import play
from app.engine.scenarios.session import read_all
from app.engine.scenarios.stage import Stage, stage
from app.kernel.settings import ROOT, Settings

FILES = read_all([ROOT / "bpmn"])
CASES = [(file, scenario) for file in FILES for scenario in file.scenarios]


@pytest.fixture(scope="module")
def definitions() -> Mapping[str, bytes]:
    return read_folders([ROOT / "bpmn", ROOT / "forms"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, list[str]]]:
    """A stage, and the process that is deployed on it."""
    settings = Settings(
        environment="test", instance=tmp_path_factory.mktemp("stage"), secret_key="x", password_salt="y"
    )
    with stage(create_app, settings) as place:
        yield place, []


@pytest.mark.parametrize(("file", "scenario"), CASES, ids=[f"{file.process}: {one.name}" for file, one in CASES])
def test_scenario(
    house: tuple[Stage, list[str]], definitions: Mapping[str, bytes], file: ScenarioFile, scenario: Scenario
) -> None:
    place, deployed = house
    if deployed != [file.process]:
        place.deploy(needed(file.process, definitions))
        deployed[:] = [file.process]
    outcome = play(place, scenario)
    assert outcome.passed, outcome.message
