"""What a scenario expects, held against what is: open tasks, variables, what is waited for, incidents, calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.engine import api
from app.engine.scenarios.outcome import ScenarioFailure
from app.engine.scenarios.play import Play


def check(play: Play, expected: Mapping[str, Any]) -> None:
    """Raise ScenarioFailure at the first thing that is not as expected."""
    for name, value in expected.items():
        _CHECKS[name](play, value)


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any], path: str = "") -> list[str]:
    """What a subset of data says otherwise than the data: `level: 100 was expected, 80 is there`."""
    found = []
    for name, value in expected.items():
        here, given = f"{path}{name}", actual.get(name)
        if isinstance(value, Mapping) and isinstance(given, Mapping):
            found += differences(value, given, f"{here}.")
        elif value != given or (isinstance(value, bool) != isinstance(given, bool)):
            found.append(_("%(name)s: %(value)r was expected, %(given)r is there", name=here, value=value, given=given))
    return found


def _same_names(what: str, expected: Iterable[str], actual: Iterable[str]) -> None:
    wanted, given = sorted(expected), sorted(actual)
    if wanted != given:
        raise ScenarioFailure(
            _(
                "%(what)s: [%(wanted)s] was expected, [%(given)s] is there",
                what=what,
                wanted=", ".join(wanted),
                given=", ".join(given),
            )
        )


def _tasks(play: Play, expected: list[dict[str, Any]]) -> None:
    tasks = play.tasks()
    _same_names(_("tasks"), [one["element"] for one in expected], [task.element_id for task in tasks])
    for one in expected:
        facets = [_facets(task) for task in tasks if task.element_id == one["element"]]
        wrong = [differences(_wanted(one), facet) for facet in facets]
        if all(wrong):
            raise ScenarioFailure(f"{one['element']}: {'; '.join(wrong[0])}")


def _wanted(expected: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: value for name, value in expected.items() if name != "element"}
    if "candidates" in wanted:
        wanted["candidates"] = sorted(wanted["candidates"])
    if "due" in wanted:
        wanted["due"] = _instant(wanted["due"])
    return wanted


def _instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except ValueError:
        return text


def _facets(task: api.TaskView) -> dict[str, Any]:
    return {
        "name": task.name,
        "candidates": sorted(ref for _kind, ref in task.candidates),
        "priority": task.priority,
        "due": None if task.due_at is None else task.due_at.astimezone().isoformat(),
        "form": task.form_key,
    }


def _data(play: Play, expected: Mapping[str, Any]) -> None:
    wrong = differences(expected, play.data())
    if wrong:
        raise ScenarioFailure("; ".join(wrong))


def _waiting(play: Play, expected: list[str]) -> None:
    given = {one.element_id for one in play.waiting()}
    missing = [name for name in expected if name not in given]
    if missing:
        text = ", ".join(sorted(given))
        raise ScenarioFailure(_("nothing waits at %(missing)s, but at [%(given)s]", missing=missing[0], given=text))


def _incidents(play: Play, expected: list[str]) -> None:
    incidents = play.incidents()
    _same_names(_("incidents"), expected, [incident.element_id for incident in incidents])
    play.known_incidents |= {incident.id for incident in incidents}


def _calls(play: Play, expected: Mapping[str, int]) -> None:
    wrong = differences(expected, {name: play.stubs.calls[name] for name in expected})
    if wrong:
        raise ScenarioFailure("; ".join(wrong))


def _status(play: Play, expected: str) -> None:
    status = play.instance().status
    if status != expected:
        message = _("the instance is %(status)s, %(expected)s was expected", status=status, expected=expected)
        raise ScenarioFailure(message)


def _passed(play: Play) -> set[str]:
    """Elements that are active or were left on their normal way out."""
    return {activity.element_id for activity in play.history() if activity.outcome != "cancelled"}


def _reached(play: Play, expected: list[str]) -> None:
    missing = [name for name in expected if name not in _passed(play)]
    if missing:
        raise ScenarioFailure(_("%(element)s was not reached", element=missing[0]))


def _not_reached(play: Play, expected: list[str]) -> None:
    there = [name for name in expected if name in _passed(play)]
    if there:
        raise ScenarioFailure(_("%(element)s was reached", element=there[0]))


_CHECKS: dict[str, Callable[[Play, Any], None]] = {
    "tasks": _tasks,
    "data": _data,
    "waiting": _waiting,
    "incidents": _incidents,
    "calls": _calls,
    "status": _status,
    "reached": _reached,
    "not_reached": _not_reached,
}


def check_end(play: Play, end: Mapping[str, Any]) -> None:
    """The instance's status, the end events it has reached, and a part of its data."""
    _status(play, end["status"])
    ends = {activity.element_id for activity in play.history() if activity.kind == "endEvent"}
    missing = [name for name in end.get("at", ()) if name not in ends]
    if missing:
        text = ", ".join(sorted(ends))
        raise ScenarioFailure(_("it ended at [%(ends)s], not at %(at)s", ends=text, at=missing[0]))
    _data(play, end.get("data", {}))
