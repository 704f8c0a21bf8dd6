"""Notices: who is told, once or again, in which language, and what reading does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import lazy_gettext as _l

from app.identity import operations as identity
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.i18n import in_locale
from app.notify import operations, queries
from tests.identity.factories import actor_of, make_unit, make_user

pytestmark = pytest.mark.databases


def tell(users: list[int], clock: FrozenClock, **more: object) -> list[int]:
    notice = {"kind": "test", "text": "时限将到", "text_en": "Limit near", **more}
    told = operations.notify_users(users, actor=SYSTEM, now=clock.now(), **notice)  # type: ignore[arg-type]
    session.commit()
    return told


def test_everyone_named_is_told_once(app: object, clock: FrozenClock) -> None:
    one, two = make_user(), make_user()
    assert sorted(tell([one.id, two.id, one.id], clock)) == sorted([one.id, two.id])
    assert queries.unread_count(one.id) == 1
    assert tell([], clock) == []


def test_a_dedupe_key_tells_each_person_once(app: object, clock: FrozenClock) -> None:
    one, two = make_user(), make_user()
    assert tell([one.id], clock, dedupe_key="limit-7-80") == [one.id]
    assert tell([one.id, two.id], clock, dedupe_key="limit-7-80") == [two.id]
    assert queries.unread_count(one.id) == 1


def test_a_group_is_told_with_those_who_stand_in(app: object, clock: FrozenClock, actor: Actor) -> None:
    unit = make_unit("GM-LJ-QS")
    absent, substitute, other = make_user(posts=[("dispatcher", unit)]), make_user(), make_user()
    identity.grant_substitution(
        absent_id=absent.id,
        substitute_id=substitute.id,
        valid_from=clock.now() - timedelta(hours=1),
        valid_to=clock.now() + timedelta(days=1),
        reason="年假",
        actor=SYSTEM,
        now=clock.now(),
    )
    told = operations.notify_group(
        "dispatcher@GM-LJ-QS", kind="test", text="请派单", text_en="Please dispatch", actor=SYSTEM, now=clock.now()
    )
    assert sorted(told) == sorted([absent.id, substitute.id])
    assert queries.unread_count(other.id) == 0


def test_a_notice_is_read_in_the_readers_language(app: object, clock: FrozenClock) -> None:
    user = make_user()
    tell([user.id], clock)
    operations.notify_users([user.id], kind="test", text=_l("Notices"), actor=SYSTEM, now=clock.now())
    with in_locale("zh"):
        assert [n.text for n in queries.notices_of(user.id).notices] == ["通知", "时限将到"]
    with in_locale("en"):
        assert [n.text for n in queries.notices_of(user.id).notices] == ["Notices", "Limit near"]


def test_pages_go_by_key_while_new_notices_come(app: object, clock: FrozenClock) -> None:
    user = make_user()
    for number in range(5):
        tell([user.id], clock, text=f"第{number}条")
    first = queries.notices_of(user.id, limit=2)
    tell([user.id], clock, text="新的")
    second = queries.notices_of(user.id, before=first.before, limit=2)
    last = queries.notices_of(user.id, before=second.before, limit=2)
    assert [n.text for n in [*first.notices, *second.notices, *last.notices]] == [f"第{n}条" for n in (4, 3, 2, 1, 0)]
    assert last.before is None


def test_reading_is_ones_own_affair(app: object, clock: FrozenClock) -> None:
    user, other = make_user(), make_user()
    tell([user.id], clock, link="/tasks/1")
    notice = queries.notices_of(user.id).notices[0]
    with pytest.raises(operations.NoticeNotFound):
        operations.mark_read(notice.id, actor=actor_of(other), now=clock.now())
    assert operations.mark_read(notice.id, actor=actor_of(user), now=clock.now()) == "/tasks/1"
    assert queries.unread_count(user.id) == 0
    tell([user.id], clock)
    assert operations.mark_all_read(actor=actor_of(user), now=clock.now()) == 1
    assert queries.notices_of(user.id, unread_only=True).notices == []


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(app: object, clock: FrozenClock, link: str) -> None:
    with pytest.raises(operations.OutsideLink):
        tell([make_user().id], clock, link=link)
