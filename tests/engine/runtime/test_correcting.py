"""Variables put right while a case runs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.runtime.correcting import NothingToSet
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.registry import Service, ServiceContext, registry
from tests.engine.diagrams import chain, diagram, end, gateway, node, script, service, start, user
from tests.engine.runtime.driving import NOBODY, Driver

PARALLEL = diagram(
    start(), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"), user("look"), end(),
    chain("s", "split", "a", "join", "look", "e"), chain("split", "b", "join"),
)  # fmt: skip
INSIDE = diagram(
    start(),
    node("subProcess", "sub", start("s1"), user("a"), end("e1"), chain("s1", "a", "e1")),
    user("look"), end(), chain("s", "sub", "look", "e"),
)  # fmt: skip


def correct(drive: Driver, instance_id: str, **values: object) -> None:
    drive.do(lambda: api.set_variables(instance_id, values, reason="typo", actor=NOBODY, now=drive.now))


def test_every_open_branch_goes_on_with_the_new_value(drive: Driver) -> None:
    drive.deploy(p=PARALLEL)
    case = drive.start(data={"phone": "1", "kept": {"x": [1]}}).id
    drive.complete(case, "a", done=True)
    correct(drive, case, phone="2", more=[1])
    assert api.task_data(drive.task(case, "b").id)["phone"] == "2"
    drive.complete(case, "b")
    assert api.variables(case) == {"phone": "2", "kept": {"x": [1]}, "more": [1], "done": True}


def test_old_and_new_are_kept_and_the_trail_names_the_variable_only(drive: Driver) -> None:
    drive.deploy(p=PARALLEL)
    case = drive.start(data={"phone": "13800001111"}).id
    correct(drive, case, phone="13900002222")
    [noted] = api.operations(case)
    assert noted.operation == "set_variables"
    assert noted.details == {"reason": "typo", "data": {"phone": {"old": "13800001111", "new": "13900002222"}}}
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "instance.set_variables"))
    assert entry.details == {"reason": "typo", "variables": ["phone"]}


def test_an_embedded_subprocess_works_on_the_same_variables(drive: Driver) -> None:
    drive.deploy(p=INSIDE)
    case = drive.start(data={"n": 1}).id
    correct(drive, case, n=2)
    assert api.task_data(drive.task(case, "a").id)["n"] == 2
    drive.complete(case, "a")
    assert api.variables(case)["n"] == 2


def test_a_step_with_an_incident_starts_from_the_new_value(drive: Driver) -> None:
    drive.deploy(
        p=diagram(start(), script("sum", "total = amount + 1"), user("look"), end(), chain("s", "sum", "look", "e"))
    )
    case = drive.start(data={"amount": "x"}).id
    [incident] = api.list_incidents(instance_id=case)
    correct(drive, case, amount=4)
    drive.do(lambda: api.retry(incident.id, reason="mended", actor=NOBODY, now=drive.now))
    assert api.variables(case)["total"] == 5


def test_what_cannot_be_set_is_refused(drive: Driver) -> None:
    drive.deploy(p=PARALLEL)
    case = drive.start().id
    with pytest.raises(NothingToSet):
        correct(drive, case)
    drive.do(lambda: api.terminate(case, reason="x", actor=NOBODY, now=drive.now))
    with pytest.raises(api.InstanceEnded):
        correct(drive, case, n=1)


def test_a_service_may_set_variables_of_its_own_case(drive: Driver) -> None:
    """It is done when the command is saved: the step's own outputs come first."""

    def work(context: ServiceContext) -> None:
        api.set_variables(context.instance_id, {"n": 7}, reason="moved", actor=NOBODY, now=context.now)

    with registry.temporarily(Service("t.set", "t", "t", work, inline=True)):
        drive.deploy(p=diagram(start(), service("work", "t.set"), user("look"), end(), chain("s", "work", "look", "e")))
        case = drive.start(data={"n": 1}).id
    assert drive.tasks(case) == ["look"]
    assert api.variables(case)["n"] == 7
