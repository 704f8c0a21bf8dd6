"""Several incidents tried again by a job."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.retries import batches
from app.engine.retries.operations import NothingToRetry
from app.kernel import jobs
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.engine.diagrams import chain, diagram, end, script, start, user
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

BROKEN = diagram(start(), script("sum", "total = amount + 1"), user("look"), end(), chain("s", "sum", "look", "e"))
EVERYWHERE = api.IncidentFilter(paths=("/",))


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Driver:
    return Driver(clock)


def retry(drive: Driver, wanted: api.IncidentFilter = EVERYWHERE) -> api.RetryView:
    started = drive.do(lambda: api.start_retry(wanted, reason="mended", actor=NOBODY, now=drive.now))
    while jobs.run_due(drive.now, 10):
        pass
    return api.get_retry(started.id)


def test_each_incident_has_its_result(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    drive.deploy(p=BROKEN)
    cases = [drive.start(data={"amount": "x"}).id for _ in range(5)]
    for case in cases[:3]:
        drive.do(lambda case=case: api.set_variables(case, {"amount": 1}, reason="x", actor=NOBODY, now=drive.now))  # type: ignore[misc]
    drive.do(lambda: api.suspend(cases[0], reason="x", actor=NOBODY, now=drive.now))
    done = retry(drive)
    assert (done.state, done.counts) == ("done", {"resolved": 2, "skipped": 1, "failed": 2})
    assert [drive.tasks(case) for case in cases] == [[], ["look"], ["look"], [], []]
    failed = api.retry_results(done.id, state="failed")
    assert all("amount" in one.note or one.note for one in failed)
    assert api.list_retries()[0].id == done.id
    [noted] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "incidents.retry"))
    assert noted.details == {"incidents": 5, "reason": "mended"}


def test_only_what_fits_the_filter_is_tried(drive: Driver) -> None:
    drive.deploy(p=BROKEN)
    drive.start(data={"amount": "x"}, business_key="GD1")
    drive.start(business_key="GD2")
    one = api.IncidentFilter(paths=("/",), process_key="p", element_id="sum", kind="script", business_key="GD2")
    assert api.count_incidents(one) == 1
    assert retry(drive, one).counts == {"failed": 1}
    assert api.count_incidents(api.IncidentFilter(paths=("/",), text="NO SUCH WORDS")) == 0
    assert api.count_incidents(api.IncidentFilter(paths=("/1/",))) == 0
    assert api.count_incidents(api.IncidentFilter(paths=())) == 0
    with pytest.raises(NothingToRetry):
        retry(drive, api.IncidentFilter(paths=("/",), process_key="other"))


def test_one_that_breaks_stops_no_other(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    drive.deploy(p=BROKEN)
    for _ in range(2):
        drive.start(data={"amount": "x"})
    first = min(one.id for one in api.list_incidents())
    tried = batches.incidents.retry

    def breaks(incident_id: str, **by: object) -> object:
        after = tried(incident_id, **by)  # type: ignore[arg-type]
        if incident_id == first:
            raise ValueError("out of ink")
        return after

    monkeypatch.setattr(batches.incidents, "retry", breaks)
    done = retry(drive)
    assert done.counts == {"failed": 2}
    assert {one.note for one in api.retry_results(done.id) if one.incident.id == first} == {"out of ink"}
    assert api.get_incident(first).attempts == 1
