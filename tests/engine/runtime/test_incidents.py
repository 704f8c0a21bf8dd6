"""Steps that fail: nothing else stops, the data stays, an operator mends and retries."""

from __future__ import annotations

import pytest

from app.engine import api
from app.engine.runtime.incidents import IncidentResolved
from tests.engine.diagrams import chain, diagram, end, flow, gateway, script, start, user
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases


def test_a_failing_script_names_element_and_line_and_keeps_the_data(drive: Driver) -> None:
    drive.deploy(
        p=diagram(start(), script("calc", "a = 1\nb = a / z"), user("after"), end(), chain("s", "calc", "after", "e"))
    )
    instance = drive.start(data={"z": 0, "kept": "yes"})
    (incident,) = api.list_incidents(instance_id=instance.id)
    assert (incident.element_id, incident.kind, incident.state) == ("calc", "script", "open")
    assert "ZeroDivisionError" in incident.message
    assert "b = a / z" in incident.message
    assert api.variables(instance.id) == {"z": 0, "kept": "yes"}
    assert api.count_open_incidents() == 1


def test_a_retry_that_fails_counts_and_one_with_mended_data_goes_on(drive: Driver) -> None:
    drive.deploy(
        p=diagram(start(), script("calc", "b = 1 / z"), user("after"), end(), chain("s", "calc", "after", "e"))
    )
    instance = drive.start(data={"z": 0})
    (incident,) = api.list_incidents()
    again = drive.do(lambda: api.retry(incident.id, reason="look", actor=NOBODY, now=drive.now))
    assert (again.state, again.attempts) == ("open", 2)
    done = drive.do(lambda: api.retry(incident.id, data={"z": 2}, reason="typo", actor=NOBODY, now=drive.now))
    assert (done.state, done.resolved_by, done.resolution) == ("resolved", "tester", "typo")
    assert drive.tasks(instance.id) == ["after"]
    assert api.variables(instance.id)["b"] == 0.5
    with pytest.raises(IncidentResolved):
        drive.do(lambda: api.retry(incident.id, reason="again", actor=NOBODY, now=drive.now))


def test_one_broken_branch_does_not_stop_or_end_the_others(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            gateway("split", "parallel"),
            script("boom", "x = 1 / 0"),
            user("work"),
            end(),
            chain("s", "split", "boom", "e"),
            chain("split", "work", "e"),
        )
    )
    instance = drive.start()
    assert drive.tasks(instance.id) == ["work"]
    drive.complete(instance.id, "work")
    assert drive.status(instance.id) == "active"


def test_a_condition_that_fails_is_an_incident_of_its_gateway(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            gateway("which", default="f_which_no"),
            user("yes"),
            user("no"),
            end(),
            chain("s", "which"),
            flow("which", "yes", "${missing > 3}"),
            chain("which", "no", "e"),
            chain("yes", "e"),
        )
    )
    instance = drive.start()
    (incident,) = api.list_incidents()
    assert incident.element_id == "which"
    drive.do(lambda: api.retry(incident.id, data={"missing": 5}, reason="given", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["yes"]


def test_a_flow_that_goes_round_without_waiting_is_stopped(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.runtime.run.steps.MAX_STEPS", 100)
    drive.deploy(
        p=diagram(
            start(),
            gateway("again"),
            script("turn", "n = n + 1"),
            gateway("more", default="f_more_again"),
            end(),
            chain("s", "again", "turn", "more", "again"),
            flow("more", "e", "${n < 0}"),
        )
    )
    drive.start(data={"n": 0})
    (incident,) = api.list_incidents()
    assert incident.kind == "runaway"


def test_a_task_that_cannot_be_shown_is_an_incident_and_appears_when_mended(drive: Driver) -> None:
    drive.deploy(p=diagram(start(), user("work", camunda_dueDate="${limit}"), end(), chain("s", "work", "e")))
    instance = drive.start(data={"limit": "soon"})
    assert drive.tasks(instance.id) == []
    (incident,) = api.list_incidents()
    drive.do(lambda: api.retry(incident.id, data={"limit": "PT1H"}, reason="typo", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["work"]
    assert api.list_incidents() == []


def test_terminating_resolves_what_is_open(drive: Driver) -> None:
    drive.deploy(p=diagram(start(), script("boom", "x = 1 / 0"), end(), chain("s", "boom", "e")))
    instance = drive.start()
    drive.do(lambda: api.terminate(instance.id, reason="test", actor=NOBODY, now=drive.now))
    assert api.list_incidents() == []
    assert drive.status(instance.id) == "terminated"
