"""A migration as a whole: its record, batches, what breaks in one, the way back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.migration import batches, moving
from app.engine.migration.operations import CannotRevert, NothingToMove
from app.engine.migration.plan import InvalidMapping
from app.kernel import jobs
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from tests.engine.diagrams import diagram, line, script, user
from tests.engine.migration.mover import Mover
from tests.engine.runtime.driving import NOBODY

pytestmark = pytest.mark.databases

TWO = diagram(line(user("a"), user("b"), ids=("a", "b")))
THREE = diagram(line(user("a"), user("b"), script("x", "n = 1"), user("c"), ids=("a", "b", "x", "c")))


def test_each_instance_has_its_result(drive: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    drive.deploy(p=TWO)
    safe = [drive.start().id for _ in range(4)]
    changed = drive.start().id
    drive.complete(changed, "a")
    ended = drive.start().id
    drive.do(lambda: api.terminate(ended, reason="test", actor=NOBODY, now=drive.now))
    drive.deploy(p=THREE)
    migration = drive.migrate()
    assert (migration.state, migration.counts) == ("done", {"moved": 4, "refused": 1})
    found = {result.instance_id: result for result in api.migration_results(migration.id)}
    assert found.keys() == {*safe, changed}
    assert [(one.code, one.element_id) for one in found[changed].findings] == [("open_changed", "b")]
    assert {found[one].can_revert for one in safe} == {True}
    assert [entry.operation for entry in api.operations(safe[0])] == ["migrate"]
    noted = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_id == migration.id))
    assert list(noted) == ["instances.migrate"]


def test_one_that_breaks_is_refused_and_stops_no_other(drive: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    drive.deploy(p=TWO)
    broken, fine = drive.start().id, drive.start().id
    drive.deploy(p=THREE)
    keep = moving._keep

    def fails(run: object) -> None:
        keep(run)  # type: ignore[arg-type]
        if run.instance.id == broken:  # type: ignore[attr-defined]
            raise ValueError("out of ink")

    monkeypatch.setattr(moving, "_keep", fails)
    migration = drive.migrate()
    assert migration.counts == {"moved": 1, "refused": 1}
    (refused,) = api.migration_results(migration.id, state="refused")
    assert (refused.instance_id, refused.findings[0].name) == (broken, "out of ink")
    assert (drive.version(broken), drive.version(fine)) == (1, 2)
    drive.complete(broken, "a")
    drive.complete(broken, "b")
    assert drive.status(broken) == "completed"


def test_the_way_back_is_open_until_something_happens(drive: Mover) -> None:
    drive.deploy(p=TWO)
    stays, goes_on = drive.start().id, drive.start().id
    task = drive.task(stays, "a")
    drive.deploy(p=diagram(line(user("a2", name="改"), ids=("a2",))))
    migration = drive.migrate({"a": "a2"}, confirmed=True)
    drive.complete(goes_on, "a2")

    def revert(instance_id: str) -> None:
        drive.do(lambda: api.revert_migration(migration.id, instance_id, reason="wrong", actor=NOBODY, now=drive.now))

    revert(stays)
    assert (drive.version(stays), drive.task(stays, "a").id) == (1, task.id)
    assert [entry.element_id for entry in api.history(stays)] == ["s", "a"]
    with pytest.raises(CannotRevert):
        revert(goes_on)
    with pytest.raises(CannotRevert):
        revert(stays)
    drive.complete(stays, "a")
    assert drive.tasks(stays) == ["b"]
    states = {one.instance_id: (one.state, one.can_revert) for one in api.migration_results(migration.id)}
    assert states == {stays: ("reverted", False), goes_on: ("moved", False)}


def test_a_plan_that_does_not_fit_changes_nothing(drive: Mover) -> None:
    drive.deploy(p=TWO)
    drive.start()
    drive.deploy(p=THREE)
    with pytest.raises(InvalidMapping) as refused:
        drive.preview({"nowhere": "a", "a": "x", "b": "c"})
    assert len(refused.value.details["errors"]["mapping"]) == 2
    with pytest.raises(InvalidMapping):
        drive.migrate({"a": "b"})
    assert api.list_migrations() == []


def test_without_instances_there_is_nothing_to_do(drive: Mover) -> None:
    drive.deploy(p=TWO)
    drive.deploy(p=THREE)
    with pytest.raises(NothingToMove):
        drive.migrate()


def test_only_the_instances_named_move(drive: Mover) -> None:
    drive.deploy(p=TWO)
    one, other = drive.start().id, drive.start().id
    drive.deploy(p=THREE)
    drive.do(
        lambda: api.start_migration(
            "p", source=1, target=2, instance_ids=[one], reason="test", actor=NOBODY, now=drive.now
        )
    )
    jobs.run_due(drive.now, 10)
    assert (drive.version(one), drive.version(other)) == (2, 1)
