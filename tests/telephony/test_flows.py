"""Versions, publishing a set at once, rolling back, drafts, what live calls pin."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid
from app.telephony.ivr import machine
from app.telephony.ivr.events import Digits
from app.telephony.ivr.linting import Known
from app.telephony.models import IvrFlowVersion
from app.telephony.operations import flows as operations
from app.telephony.operations.flows import DraftChanged, NotPublishable
from app.telephony.queries import flows as queries
from app.telephony.queries.flows import NothingPublished, UnknownVersion
from app.telephony.shipped import publish_shipped
from tests.telephony.ivr.flows import DEFAULTS, head

pytestmark = pytest.mark.databases
NAMES = Known()


def main(prompt: str = "ask", more: str = "") -> str:
    choices = "{'1': hangup, '2': flow:other}"
    return head("main", f"entry: true\nnodes:\n  first: {{kind: menu, prompt: {prompt}, choices: {choices}}}\n{more}")


OTHER = head("other", "nodes:\n  first: {kind: hangup}")
FILES = {"defaults.yaml": DEFAULTS, "main.yaml": main(), "other.yaml": OTHER}


def publish(files: dict[str, str], clock: FrozenClock, **more: object) -> operations.Published:
    return db.run(
        lambda: operations.publish(files, names=NAMES, actor=SYSTEM, now=clock.now(), **more)  # type: ignore[arg-type]
    )


def test_a_set_is_put_into_force_at_once(app: Flask, clock: FrozenClock, database: str) -> None:
    with pytest.raises(NothingPublished):
        queries.flow_set()
    assert publish(FILES, clock).changed == ("defaults", "main", "other")
    assert set(queries.flow_set().flows) == {"main", "other"}
    assert [(flow.name, flow.version.number if flow.version else 0) for flow in queries.flows()] == [
        ("main", 1),
        ("other", 1),
        ("defaults", 1),
    ]
    assert publish(FILES, clock).release is None, "the same again changes nothing"
    again = publish({"main.yaml": main("ask_again")}, clock)
    assert (again.changed, again.unchanged) == (("main",), ("defaults", "other"))
    assert [view.number for view in queries.versions("main")] == [2, 1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IvrFlowVersion)) == 4
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "ivr.published")) == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"main.yaml": "flow: main"},
        {"main.yaml": main(more="  lost: {kind: hangup}")},
        {"other.yaml": head("other", "nodes:\n  first: {kind: goto, to: flow:none}")},
        {"main.yaml": main() + "transcripts: [{name: 错, steps: [{press: '1'}], end: {by: caller}}]"},
        {"new.yaml": head("main", "nodes:\n  first: {kind: hangup}") + "\nx: 1"},
    ],
)
def test_one_fault_anywhere_and_nothing_is_published(
    app: Flask, clock: FrozenClock, database: str, bad: dict[str, str]
) -> None:
    publish(FILES, clock)
    before = queries.current_release()
    good = {"other.yaml": OTHER + "\n"}
    with pytest.raises(NotPublishable) as caught:
        publish({**good, **bad}, clock)
    assert caught.value.details["problems"] or caught.value.details["failed"]
    assert queries.current_release() == before
    assert queries.flow_set()["other"].version == queries.versions("other")[0].hash
    assert len(queries.versions("other")) == 1


def test_a_flow_is_taken_out_only_where_nothing_leads_to_it(app: Flask, clock: FrozenClock, database: str) -> None:
    publish(FILES, clock)
    with pytest.raises(NotPublishable):
        publish({}, clock, remove=["other"])
    alone = head("main", "entry: true\nnodes:\n  first: {kind: hangup}")
    publish({"main.yaml": alone}, clock, remove=["other"])
    assert set(queries.flow_set().flows) == {"main"}


def test_live_calls_keep_the_versions_they_began_with(app: Flask, clock: FrozenClock, database: str) -> None:
    publish(FILES, clock)
    state, _commands = machine.begin(queries.flow_set(), "main", {}, clock.now())
    publish({"main.yaml": main("new_words")}, clock)
    pinned = queries.flow_set(state.pins)
    state, _commands = machine.step(pinned, state, Digits("1"), clock.now())
    assert state.ended
    with pytest.raises(machine.OtherVersions):
        machine.step(queries.flow_set(), state, Digits("1"), clock.now())
    with pytest.raises(UnknownVersion):
        queries.flow_set({"main": "0" * 64})


def test_rolling_back_brings_the_versions_of_a_release_again(app: Flask, clock: FrozenClock, database: str) -> None:
    first = publish(FILES, clock).release
    assert first is not None
    clock.advance(timedelta(minutes=5))
    publish({"main.yaml": main("new_words")}, clock, note="新词")
    made = db.run(lambda: operations.roll_back(first, note="不好", actor=SYSTEM, now=clock.now()))
    release = queries.releases()[0]
    assert (release.id, release.back_to, release.versions["main"]) == (made, first, 1)
    assert queries.flow_set()["main"].version == queries.versions("main")[1].hash
    with pytest.raises(UnknownVersion):
        db.run(lambda: operations.roll_back(999, actor=SYSTEM, now=clock.now()))


def test_drafts_are_kept_right_or_wrong_and_published_together(app: Flask, clock: FrozenClock, database: str) -> None:
    publish(FILES, clock)

    def save(name: str, content: str, revision: int | None = None) -> None:
        db.run(lambda: operations.save_draft(name, content, revision=revision, actor=SYSTEM, now=clock.now()))

    save("main", "broken: [")
    assert queries.working_copy()["main.yaml"] == "broken: ["
    save("main", FILES["main.yaml"])
    assert queries.drafts() == {}, "what is in force is no draft"
    save("new", head("new", "nodes:\n  first: {kind: hangup}"))
    save("main", main().replace("flow:other", "flow:new"))
    with pytest.raises(DraftChanged):
        save("main", main("mine"), revision=1)
    with pytest.raises(Invalid):
        db.run(lambda: operations.publish_drafts([], actor=SYSTEM, now=clock.now()))
    db.run(lambda: operations.drop_draft("new", actor=SYSTEM, now=clock.now()))
    assert [flow.name for flow in queries.flows()] == ["main", "other", "defaults"]


def test_who_may_not_publish_or_edit_is_refused(app: Flask, clock: FrozenClock, database: str) -> None:
    stranger = Actor(kind="user", id=12345, username="nobody", name="nobody")
    with pytest.raises(Forbidden):
        db.run(lambda: operations.publish(FILES, actor=stranger, now=clock.now()))
    with pytest.raises(Forbidden):
        db.run(lambda: operations.save_draft("main", "x", actor=stranger, now=clock.now()))
    with pytest.raises(Forbidden):
        db.run(lambda: operations.roll_back(1, actor=stranger, now=clock.now()))


def test_the_shipped_flows_are_published_once_and_analysts_versions_stay(
    app: Flask, clock: FrozenClock, database: str
) -> None:
    assert publish_shipped(now=clock.now()) > 0
    assert publish_shipped(now=clock.now()) == 0
    text = queries.contents()["agent.yaml"]
    db.run(lambda: operations.publish({"agent.yaml": text + "\n# ours"}, names=NAMES, actor=SYSTEM, now=clock.now()))
    assert publish_shipped(now=clock.now()) == 0
    assert queries.contents()["agent.yaml"].endswith("# ours")
