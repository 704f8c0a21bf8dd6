"""From a draft through its review into force, and out again: the operations and the real diagram."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import api as engine
from app.kernel import db
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid
from app.knowledge import operations
from app.knowledge.operations.drafting import InReview
from app.knowledge.operations.publication import NoReviewer, NothingToSubmit
from app.knowledge.queries import article_view, search, versions_of
from tests.identity.factories import actor_of, make_unit, make_user
from tests.knowledge.library import TODAY, Library, article

pytestmark = pytest.mark.databases


def write(library: Library, number: str | None = None, **changes: object) -> str:
    return db.run(
        lambda: operations.save_draft(article(**changes), number=number, actor=library.writing, now=library.now)
    )


def submit(library: Library, number: str) -> None:
    db.run(lambda: operations.submit(number, actor=library.writing, now=library.now))


def do(library: Library, number: str, element: str, **data: object) -> None:
    actor = library.editing if element != "revise" else library.writing
    running = engine.list_instances(business_key=number, status="active")
    open_tasks = [task for instance in running for task in engine.open_tasks(instance.id)]
    task = next(task for task in open_tasks if task.element_id == element)
    db.run(lambda: engine.complete(task.id, dict(data), actor=actor, now=library.now))


def titles(text: str) -> list[str]:
    return [hit.title for hit in search(text, paths=["/"], day=TODAY)]


def test_reviewed_and_published_it_is_found(library: Library) -> None:
    number = write(library)
    assert titles("阶梯电价") == []
    submit(library, number)
    do(library, number, "review", decision="publish", review_note="好")
    assert titles("阶梯电价") == ["居民阶梯电价怎样计算"]
    view = article_view(number, paths=["/"])
    assert view is not None
    assert view.version is not None
    assert (view.version.reviewer, view.version.review_note, view.draft) == ("editor", "好", None)


def test_returned_it_comes_back_to_its_author_who_submits_again(library: Library) -> None:
    number = write(library)
    submit(library, number)
    do(library, number, "review", decision="return", review_reason="缺少依据")
    view = article_view(number, paths=["/"])
    assert view is not None
    assert view.draft is not None
    assert (view.draft.state, view.draft.review_note) == ("returned", "缺少依据")
    assert write(library, number, source="发改价格〔2011〕2617号") == number
    do(library, number, "revise", again="yes")
    do(library, number, "review", decision="publish")
    assert [version.number for version in versions_of(view.id)] == [1]
    assert titles("阶梯电价")


def test_while_it_is_reviewed_it_does_not_change(library: Library) -> None:
    number = write(library)
    submit(library, number)
    with pytest.raises(InReview):
        write(library, number)
    with pytest.raises(NothingToSubmit):
        submit(library, number)


def test_new_words_supersede_those_in_force_and_end_their_renewal(library: Library) -> None:
    number = write(library, valid_until=TODAY + timedelta(days=90))
    submit(library, number)
    do(library, number, "review", decision="publish")
    assert len(engine.list_instances(business_key=number, status="active")) == 1
    write(library, number, title="居民阶梯电价（新）")
    assert titles("阶梯电价") == ["居民阶梯电价怎样计算"], "the old words hold until the new are published"
    submit(library, number)
    do(library, number, "review", decision="publish")
    assert titles("阶梯电价") == ["居民阶梯电价（新）"]
    assert engine.list_instances(business_key=number, status="active") == []
    view = article_view(number, paths=["/"])
    assert view is not None
    assert [(one.number, one.state) for one in versions_of(view.id)] == [(2, "published"), (1, "superseded")]


def test_before_it_ends_an_editor_extends_or_retires_it(library: Library, clock: FrozenClock) -> None:
    number = write(library, valid_until=TODAY + timedelta(days=30))
    submit(library, number)
    do(library, number, "review", decision="publish")
    clock.advance(timedelta(days=16, hours=1))
    library.now = clock.now()
    engine.fire_timers(library.now, limit=10)
    until = TODAY + timedelta(days=60)
    do(library, number, "renew", renewal="extend", new_until=until.isoformat())
    view = article_view(number, paths=["/"])
    assert view is not None
    assert view.version is not None
    assert view.version.valid_until == until
    clock.advance(timedelta(days=30))
    library.now = clock.now()
    engine.fire_timers(library.now, limit=10)
    do(library, number, "renew", renewal="retire", retire_reason="政策废止")
    view = article_view(number, paths=["/"])
    assert view is not None
    assert view.state == "retired"
    assert titles("阶梯电价") == []


def test_retired_by_an_editor_its_renewal_ends_too(library: Library) -> None:
    number = write(library, valid_until=TODAY + timedelta(days=30))
    submit(library, number)
    do(library, number, "review", decision="publish")
    with pytest.raises(Forbidden):
        db.run(lambda: operations.retire(number, reason="x", actor=library.writing, now=library.now))
    db.run(lambda: operations.retire(number, reason="重复", actor=library.editing, now=library.now))
    assert titles("阶梯电价") == []
    assert engine.list_instances(business_key=number, status="active") == []


def test_where_nobody_reviews_it_is_not_submitted(library: Library) -> None:
    elsewhere = make_unit("Q", kind="province")
    author = make_user("other", posts=[("agent", elsewhere)])
    number = db.run(lambda: operations.save_draft(article(unit="Q"), actor=actor_of(author), now=library.now))
    with pytest.raises(NoReviewer):
        db.run(lambda: operations.submit(number, actor=actor_of(author), now=library.now))


def test_one_writes_only_for_units_where_one_may(library: Library) -> None:
    elsewhere = make_unit("Q", kind="province")
    with pytest.raises(Forbidden):
        write(library, unit=elsewhere.code)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"answer": ""}, "answer"),
        ({"category": "none"}, "category"),
        ({"unit": "none"}, "unit"),
        ({"valid_until": TODAY}, "valid_until"),
        ({"keywords": ["x"] * 41}, "keywords"),
        ({"body": "长" * 20_001}, "body"),
    ],
)
def test_what_does_not_fit_is_said_by_field(library: Library, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(library, **changes)
    assert set(refused.value.details["errors"]) == {field}
