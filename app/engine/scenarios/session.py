"""A whole run: all scenario files under some paths, on one stage, with their coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app.engine.scenarios.coverage import Coverage
from app.engine.scenarios.definitions import read_folders
from app.engine.scenarios.model import ScenarioFile
from app.engine.scenarios.outcome import Outcome
from app.engine.scenarios.runner import play_file
from app.engine.scenarios.schema import read_file
from app.engine.scenarios.stage import Stage, stage
from app.kernel.settings import Settings


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """YAML files by name, and those in `scenarios` folders under the given folders."""
    found: list[Path] = []
    for path in paths:
        inside = [one for one in path.rglob("*") if one.parent.name == "scenarios" or one.parent == path]
        found += [one for one in inside if one.suffix in {".yaml", ".yml"}] if path.is_dir() else [path]
    return sorted(dict.fromkeys(found))


def definition_folders(settings: Settings, paths: Iterable[Path]) -> list[Path]:
    """The project's own folders, then those given: the later count where both define one thing."""
    beside = [path if path.is_dir() else path.parent.parent for path in paths]
    return [folder for folder in (settings.bpmn_dir, settings.forms_dir, *beside) if folder.is_dir()]


class Session:
    """Plays scenario files and gathers what they reached."""

    def __init__(self, place: Stage, definitions: Mapping[str, bytes]) -> None:
        self.place = place
        self.definitions = definitions
        self.coverage = Coverage()

    def play(self, file: ScenarioFile) -> Iterator[Outcome]:
        for number, outcome in enumerate(play_file(self.place, file, self.definitions)):
            if number == 0:
                self.coverage.know_deployed()
            self.coverage.add(outcome)
            yield outcome


@contextmanager
def opened(create: Callable[..., Flask], settings: Settings, paths: Iterable[Path]) -> Iterator[Session]:
    """A session on a stage of its own; `create` makes the application (`app.create_app`)."""
    definitions = read_folders(definition_folders(settings, paths))
    with stage(create, settings) as place:
        yield Session(place, definitions)


def read_all(paths: Iterable[Path]) -> list[ScenarioFile]:
    """All scenario files. Raises BadScenarioFile."""
    return [read_file(path) for path in scenario_files(paths)]
