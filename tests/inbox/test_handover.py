"""Hand-overs, completion and the story they leave, on the real engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from app.engine import api as engine
from app.forms.api import InvalidForm, load_draft, save_draft
from app.identity import operations as identity
from app.identity.queries import UserView
from app.inbox import operations
from app.inbox.operations.handover import AlreadyClaimed
from app.inbox.operations.planning import BadPlan
from app.inbox.people import NotAssignable
from app.inbox.queries.case import files_of
from app.inbox.queries.timeline import timeline_of
from app.inbox.rights import TaskForbidden, TaskHidden
from app.kernel import files
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.notify.queries import notices_of
from tests.identity.factories import actor_of, make_tree, make_user
from tests.inbox.repair import report, task_of

pytestmark = pytest.mark.databases


@dataclass
class Cast:
    """The people of the play around one station, and its case."""

    dispatcher: UserView
    colleague: UserView
    leader: UserView
    supervisor: UserView
    reviewer: UserView
    stranger: UserView
    case: engine.InstanceView
    clock: FrozenClock

    @property
    def task(self) -> engine.TaskView:
        return task_of(self.case)

    def acts(self, who: UserView) -> dict[str, Any]:
        return {"actor": actor_of(who), "now": self.clock.now()}


@pytest.fixture
def cast(app: object, clock: FrozenClock) -> Cast:
    units = make_tree()
    station = units["P-A-X-1"]
    leader = make_user("leader", posts=[("crew_leader", station)], name="赵强")
    return Cast(
        dispatcher=make_user("zhangwei", posts=[("dispatcher", station)], name="张伟", name_en="Zhang Wei"),
        colleague=make_user("lina", posts=[("dispatcher", station), ("reviewer", station)], name="李娜"),
        leader=leader,
        supervisor=make_user("boss", posts=[("supervisor", units["P-A"])], name="王值长"),
        reviewer=make_user("sun", posts=[("reviewer", station)], name="孙审核"),
        stranger=make_user("far", posts=[("dispatcher", units["P-B-X-1"])], name="远方"),
        case=report(clock.now(), unit="P-A-X-1", leader="leader"),
        clock=clock,
    )


def sentences(case: engine.InstanceView, locale: str = "zh") -> list[str]:
    with in_locale(locale):
        return [f"{entry.who} {entry.sentence}" for entry in reversed(timeline_of(case.id).entries)]


def test_one_claims_the_other_is_told_who(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    with pytest.raises(AlreadyClaimed, match="张伟"):
        operations.claim(cast.task.id, **cast.acts(cast.colleague))
    assert cast.task.assignee_id == cast.dispatcher.id


def test_a_stranger_does_not_learn_that_the_task_exists(cast: Cast) -> None:
    for work in (operations.claim, operations.release, operations.resolve):
        with pytest.raises(TaskHidden):
            work(cast.task.id, **cast.acts(cast.stranger))
    with pytest.raises(TaskHidden):
        operations.complete(cast.task.id, {}, **cast.acts(cast.stranger))
    with pytest.raises(TaskHidden):
        operations.add_comment(cast.task.id, "嗨", **cast.acts(cast.stranger))
    with pytest.raises(TaskForbidden):
        operations.claim(cast.task.id, actor=SYSTEM, now=cast.clock.now())


def test_completing_needs_having_the_task_and_a_form_that_fits(cast: Cast) -> None:
    with pytest.raises(TaskForbidden, match="认领"):
        operations.complete(cast.task.id, {"crew": "一班"}, **cast.acts(cast.dispatcher))
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    with pytest.raises(TaskForbidden, match="张伟"):
        operations.complete(cast.task.id, {"crew": "一班"}, **cast.acts(cast.colleague))
    with pytest.raises(InvalidForm) as refused:
        operations.complete(cast.task.id, {"people": 99, "colour": "red"}, **cast.acts(cast.dispatcher))
    assert {"crew", "people", "colour"} <= set(refused.value.errors)
    save_draft(cast.task.id, cast.dispatcher.id, {"crew": "一"}, **cast.acts(cast.dispatcher))
    first = cast.task
    done = operations.complete(first.id, {"crew": "一班", "people": 3}, **cast.acts(cast.dispatcher))
    assert [task.element_id for task in done.next_tasks] == ["repair"]
    assert done.next_tasks[0].assignee_id == cast.leader.id
    assert engine.variables(cast.case.id)["crew"] == "一班"
    assert load_draft(first.id, cast.dispatcher.id) is None


def test_completing_twice_tells_who_and_when(cast: Cast) -> None:
    first = cast.task
    operations.claim(first.id, **cast.acts(cast.dispatcher))
    operations.complete(first.id, {"crew": "一班"}, **cast.acts(cast.dispatcher))
    session.commit()
    cast.clock.advance(timedelta(minutes=5))
    with pytest.raises(operations.AlreadyCompleted, match="张伟") as late:
        operations.complete(first.id, {"crew": "二班"}, **cast.acts(cast.colleague))
    assert late.value.details["by"] == "zhangwei"
    assert late.value.details["at"].startswith("2026-03-02T01:00")


def test_photos_of_the_form_stay_with_the_case(cast: Cast, client: object) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    photo = files.save(BytesIO("现场说明".encode()), "现场.txt", **cast.acts(cast.dispatcher))
    theirs = files.save(BytesIO("别人的".encode()), "别人.txt", **cast.acts(cast.colleague))
    with pytest.raises(InvalidForm):
        operations.complete(cast.task.id, {"crew": "一班", "photos": [theirs.id]}, **cast.acts(cast.dispatcher))
    operations.complete(cast.task.id, {"crew": "一班", "photos": [photo.id]}, **cast.acts(cast.dispatcher))
    assert [file.title for file in files_of(cast.case.id)] == ["现场.txt"]


def test_delegating_and_handing_back(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    with pytest.raises(NotAssignable):
        operations.delegate(cast.task.id, cast.stranger.id, **cast.acts(cast.dispatcher))
    operations.delegate(cast.task.id, cast.colleague.id, text="我去现场", **cast.acts(cast.dispatcher))
    assert (cast.task.assignee_id, cast.task.owner_id) == (cast.colleague.id, cast.dispatcher.id)
    with in_locale("zh"):
        assert "我去现场" in notices_of(cast.colleague.id).notices[0].text
    operations.resolve(cast.task.id, **cast.acts(cast.colleague))
    assert (cast.task.assignee_id, cast.task.owner_id) == (cast.dispatcher.id, None)
    assert notices_of(cast.dispatcher.id).notices[0].link == f"/tasks/{cast.task.id}"


def test_assigning_needs_the_right_at_the_place(cast: Cast) -> None:
    with pytest.raises(NotAssignable):
        operations.assign(cast.task.id, cast.stranger.id, **cast.acts(cast.supervisor))
    with pytest.raises(TaskForbidden):
        operations.assign(cast.task.id, cast.dispatcher.id, **cast.acts(cast.reviewer))
    operations.assign(cast.task.id, cast.colleague.id, **cast.acts(cast.supervisor))
    assert cast.task.assignee_id == cast.colleague.id
    with in_locale("en"):
        assert notices_of(cast.colleague.id).notices[0].text.startswith("王值长 assigned you a task: Dispatch")


def test_giving_back_frees_it_for_the_group(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    with pytest.raises(TaskForbidden):
        operations.release(cast.task.id, **cast.acts(cast.reviewer))
    operations.release(cast.task.id, text="换班", **cast.acts(cast.dispatcher))
    assert cast.task.assignee_id is None
    operations.claim(cast.task.id, **cast.acts(cast.colleague))


def test_a_task_without_candidates_cannot_be_given_back(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    operations.complete(cast.task.id, {"crew": "一班"}, **cast.acts(cast.dispatcher))
    with pytest.raises(TaskForbidden):
        operations.release(cast.task.id, **cast.acts(cast.leader))
    with pytest.raises(InvalidForm):
        operations.complete(cast.task.id, {"anything": 1}, **cast.acts(cast.leader))
    operations.complete(cast.task.id, {}, **cast.acts(cast.leader))
    assert cast.task.element_id == "review"


def test_a_substitute_acts_in_their_own_name_and_the_record_says_for_whom(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    now = cast.clock.now()
    identity.grant_substitution(
        cast.dispatcher.id,
        cast.stranger.id,
        valid_from=now,
        valid_to=now + timedelta(hours=2),
        reason="培训",
        actor=SYSTEM,
        now=now,
    )
    task = cast.task
    operations.complete(task.id, {"crew": "二班"}, **cast.acts(cast.stranger))
    assert engine.get_task(task.id).completed_by == "far"
    with in_locale("zh"):
        entry = next(entry for entry in timeline_of(cast.case.id).entries if "派单" in entry.sentence)
    assert (entry.who, entry.on_behalf) == ("远方", "张伟")
    cast.clock.advance(timedelta(hours=2))
    with pytest.raises(TaskHidden):
        operations.claim(cast.task.id, **cast.acts(cast.stranger))


def test_planning(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    later = cast.clock.now() + timedelta(hours=3)
    operations.put_off(cast.task.id, later, **cast.acts(cast.dispatcher))
    assert cast.task.follow_up_at == later
    with pytest.raises(BadPlan):
        operations.put_off(cast.task.id, cast.clock.now(), **cast.acts(cast.dispatcher))
    with pytest.raises(BadPlan):
        operations.set_due(cast.task.id, later, text=" ", **cast.acts(cast.supervisor))
    operations.set_due(cast.task.id, later, text="道路封闭", **cast.acts(cast.supervisor))
    operations.set_priority(cast.task.id, 90, **cast.acts(cast.supervisor))
    assert (cast.task.due_at, cast.task.priority) == (later, 90)
    with pytest.raises(TaskForbidden):
        operations.set_priority(cast.task.id, 10, **cast.acts(cast.reviewer))


def test_the_story_reads_well_in_both_languages(cast: Cast) -> None:
    operations.claim(cast.task.id, **cast.acts(cast.dispatcher))
    cast.clock.advance(timedelta(minutes=1))
    operations.add_comment(cast.task.id, "客户家中有病人", **cast.acts(cast.colleague))
    cast.clock.advance(timedelta(minutes=1))
    operations.attach(cast.task.id, BytesIO(b"hello"), "note.txt", **cast.acts(cast.dispatcher))
    cast.clock.advance(timedelta(minutes=1))
    operations.complete(cast.task.id, {"crew": "一班"}, **cast.acts(cast.dispatcher))
    session.commit()
    assert sentences(cast.case) == [
        "系统 发起了流程：“报修”",
        "张伟 认领了任务",
        "李娜 发表了评论",
        "张伟 添加了附件“note.txt”",
        "张伟 完成了“派单”",
    ]
    assert sentences(cast.case, "en")[-1] == "Zhang Wei completed “Dispatch”"


def test_files_are_removed_by_who_brought_them(cast: Cast) -> None:
    file_id = operations.attach(cast.task.id, BytesIO(b"hello"), "note.txt", **cast.acts(cast.dispatcher))
    with pytest.raises(TaskForbidden):
        operations.remove_file(cast.task.id, file_id, **cast.acts(cast.reviewer))
    operations.remove_file(cast.task.id, file_id, **cast.acts(cast.dispatcher))
    assert files_of(cast.case.id)[0].removed_by == "zhangwei"


def test_bulk_reports_each_refusal(cast: Cast) -> None:
    mine, taken = cast.task, task_of(report(cast.clock.now(), unit="P-A-X-1"))
    elsewhere = task_of(report(cast.clock.now(), unit="P-B-X-1"))
    operations.claim(taken.id, **cast.acts(cast.colleague))
    session.commit()
    result = operations.claim_many([mine.id, taken.id, elsewhere.id, "nothing", mine.id], **cast.acts(cast.dispatcher))
    session.commit()
    assert result.done == [mine.id]
    assert [task for task, _reason in result.refused] == [taken.id, elsewhere.id, "nothing"]
    assert "李娜" in result.refused[0][1]
    assert engine.get_task(mine.id).assignee_id == cast.dispatcher.id
    assigned = operations.assign_many([mine.id, taken.id], cast.dispatcher.id, **cast.acts(cast.supervisor))
    assert sorted(assigned.done) == sorted([mine.id, taken.id])
