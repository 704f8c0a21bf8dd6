"""Playing scenarios, one after the other, each on a fresh copy of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask_babel import gettext as _

from app.engine import api
from app.engine.definitions.problems import Refused
from app.engine.scenarios.definitions import MissingProcess, needed
from app.engine.scenarios.expectations import check_end
from app.engine.scenarios.model import Scenario, ScenarioFile, Step
from app.engine.scenarios.outcome import Outcome, ScenarioFailure
from app.engine.scenarios.play import ACTOR, Play
from app.engine.scenarios.stage import Stage
from app.engine.scenarios.steps import VERBS
from app.engine.scenarios.stubs import Stubs
from app.engine.scenarios.time import settle
from app.kernel.errors import LightlineError


def play_file(stage: Stage, file: ScenarioFile, definitions: Mapping[str, bytes]) -> Iterator[Outcome]:
    """The outcome of each scenario of a file; `definitions` are all files its process may stand on."""
    try:
        stage.deploy(needed(file.process, definitions))
    except (Refused, MissingProcess) as error:
        for scenario in file.scenarios:
            yield Outcome(scenario, ScenarioFailure(str(error)))
        return
    for scenario in file.scenarios:
        yield play(stage, scenario)


def play(stage: Stage, scenario: Scenario) -> Outcome:
    """Play one scenario on the definitions that the stage holds."""
    stage.reset(scenario.now)
    stubs = Stubs(scenario.services)
    actors = Play(stage, stubs)
    failure = None
    with stubs.installed():
        try:
            _start(actors, scenario)
            _steps(actors, scenario.steps)
            if scenario.end is not None:
                _attempt(None, lambda: check_end(actors, scenario.end or {}))
        except ScenarioFailure as error:
            failure = error
        reached = _reached(actors) if actors.instance_id else ()
    return Outcome(scenario, failure, reached)


def _start(play: Play, scenario: Scenario) -> None:
    given = scenario.start
    stage = play.stage
    _complain(play, None)

    def start() -> None:
        view = stage.do(
            lambda: api.start(
                scenario.process,
                data=given.get("data", {}),
                business_key=given["business_key"],
                title=given["title"],
                actor=ACTOR,
                now=stage.now,
            )
        )
        play.instance_id = view.id
        settle(stage)

    _attempt(None, start)
    _complain(play, None)
    _surprises(play, None, scenario.steps[:1])


def _steps(play: Play, steps: tuple[Step, ...]) -> None:
    for number, step in enumerate(steps):
        _attempt(step, lambda step=step: VERBS[step.verb](play, step))  # type: ignore[misc]
        if step.verb != "expect":
            _attempt(step, lambda: settle(play.stage))
        _complain(play, step)
        _surprises(play, step, steps[number + 1 : number + 2])


def _attempt(step: Step | None, work: Callable[[], None]) -> None:
    """Do it; whatever the engine refuses is the scenario's failure at this step."""
    try:
        work()
    except ScenarioFailure as error:
        raise ScenarioFailure(error.message, step) from error
    except LightlineError as error:
        raise ScenarioFailure(str(error), step) from error
    except Exception as error:
        raise ScenarioFailure(f"{type(error).__name__}: {error}", step) from error


def _complain(play: Play, step: Step | None) -> None:
    if play.stubs.problem:
        raise ScenarioFailure(play.stubs.problem, step)


def _surprises(play: Play, step: Step | None, following: Iterable[Step]) -> None:
    """An incident that the scenario does not speak of next is a failure."""
    if any(one.verb == "retry" or "incidents" in (one.value if one.verb == "expect" else {}) for one in following):
        return
    for incident in play.incidents():
        if incident.id not in play.known_incidents:
            message = _("incident at %(element)s: %(reason)s", element=incident.element_id, reason=incident.message)
            raise ScenarioFailure(message, step)


def _reached(play: Play) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple((one.process_key, one.element_id, tuple(one.sources)) for one in play.history())
