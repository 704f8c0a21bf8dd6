"""Groups and permissions: dates, places, substitution, tokens, and how many statements they cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.identity import operations, permissions, queries, scopes
from app.identity.queries.validity import topmost
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import db, session
from tests.identity.factories import make_tree, make_unit, make_user

pytestmark = pytest.mark.databases

INSTANT = timedelta(microseconds=1)


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def test_an_appointment_holds_from_its_first_instant_to_before_its_last(app: Flask, clock: FrozenClock) -> None:
    start, end = clock.now(), clock.now() + timedelta(days=1)
    user = make_user(posts=[("dispatcher", make_unit("C"))], valid_from=start, valid_to=end)
    held = [queries.groups_of(user.id, at=at) for at in (start - INSTANT, start, end - INSTANT, end)]
    assert held == [frozenset(), {"dispatcher@C"}, {"dispatcher@C"}, frozenset()]
    may = [queries.may(user.id, "order.dispatch", unit_path="/1/", at=at) for at in (start - INSTANT, start, end)]
    assert may == [False, True, False]


def test_rights_reach_down_the_tree_and_no_further(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    user = make_user(posts=[("dispatcher", tree["P-A"]), ("dispatcher", tree["P-A-X"])])
    assert queries.permitted_paths(user.id, "order.dispatch", at=now) == [tree["P-A"].path]
    reach = {code: queries.may(user.id, "order.dispatch", unit_path=unit.path, at=now) for code, unit in tree.items()}
    assert {code for code, reached in reach.items() if reached} == {"P-A", "P-A-X", "P-A-X-1"}
    assert queries.may(user.id, "order.dispatch", unit_path=None, at=now)
    assert not queries.may(user.id, "order.review", unit_path=None, at=now)
    assert not queries.may(user.id, "order.dispatch", unit_path="/", at=now)


def test_an_appointment_without_unit_reaches_everywhere(app: Flask, clock: FrozenClock) -> None:
    user = make_user(posts=[("admin", None)])
    assert queries.permitted_paths(user.id, "user.manage", at=clock.now()) == ["/"]
    assert queries.may(user.id, "user.manage", unit_path="/", at=clock.now())
    assert queries.groups_of(user.id, at=clock.now()) == frozenset()


def test_rights_lapse_with_the_unit_and_with_the_account(app: Flask, clock: FrozenClock) -> None:
    unit, now = make_unit("C"), clock.now()
    first, second = make_user(posts=[("agent", unit)]), make_user(posts=[("agent", unit)])
    operations.set_active(first.id, False, actor=SYSTEM, now=now)
    assert queries.groups_of(first.id, at=now) == frozenset()
    operations.close_unit(unit.id, at=now + timedelta(days=1), actor=SYSTEM, now=now)
    assert queries.groups_of(second.id, at=now) == {"agent@C"}
    later = now + timedelta(days=1)
    assert queries.groups_of(second.id, at=later) == frozenset()
    assert queries.permitted_paths(second.id, "order.create", at=later) == []


def test_a_substitute_has_the_work_of_the_absent_for_the_time(app: Flask, clock: FrozenClock) -> None:
    now, end = clock.now(), clock.now() + timedelta(days=3)
    absent = make_user("absent", posts=[("dispatcher", make_unit("A"))])
    standin = make_user("standin", posts=[("agent", make_unit("B"))])
    operations.grant_substitution(absent.id, standin.id, valid_from=now, valid_to=end, actor=SYSTEM, now=now)
    groups = [queries.groups_of(standin.id, at=at) for at in (now - INSTANT, now, end - INSTANT, end)]
    assert groups == [{"agent@B"}, {"agent@B", "dispatcher@A"}, {"agent@B", "dispatcher@A"}, {"agent@B"}]
    assert queries.may(standin.id, "order.dispatch", unit_path="/1/", at=now)
    assert not queries.may(standin.id, "order.dispatch", unit_path="/1/", at=end)
    assert [user.username for user in queries.substitutes_of(absent.id, at=now)] == ["standin"]
    assert [user.username for user in queries.substituted_by(standin.id, at=now)] == ["absent"]
    assert [user.username for user in queries.members_of("dispatcher@A", at=now)] == ["absent", "standin"]
    assert [user.username for user in queries.members_of("dispatcher@A", at=end)] == ["absent"]


def test_substitution_does_not_pass_on_what_was_passed_to_one(app: Flask, clock: FrozenClock) -> None:
    now, end = clock.now(), clock.now() + timedelta(days=3)
    first = make_user(posts=[("dispatcher", make_unit("A"))])
    second, third = make_user(), make_user()
    for absent, standin in ((first, second), (second, third)):
        operations.grant_substitution(absent.id, standin.id, valid_from=now, valid_to=end, actor=SYSTEM, now=now)
    assert queries.groups_of(second.id, at=now) == {"dispatcher@A"}
    assert queries.groups_of(third.id, at=now) == frozenset()


def test_a_substitute_of_an_administrator_administers_nothing(app: Flask, clock: FrozenClock) -> None:
    now, unit = clock.now(), make_unit()
    boss, standin = make_user(posts=[("unit_admin", unit)]), make_user()
    operations.grant_substitution(
        boss.id, standin.id, valid_from=now, valid_to=now + timedelta(days=1), actor=SYSTEM, now=now
    )
    assert not queries.may(standin.id, "user.manage", unit_path=unit.path, at=now)
    held = queries.permissions_of(standin.id, at=now)
    assert "task.work" in held
    assert not any(permissions.is_privileged(name) for name in held)


def test_a_token_narrows_every_answer(app: Flask, clock: FrozenClock) -> None:
    user, now = make_user(posts=[("dispatcher", make_unit())]), clock.now()
    with scopes.narrowed(["order.read"]):
        assert queries.permissions_of(user.id, at=now) == {"order.read"}
        assert queries.may(user.id, "order.read", unit_path="/1/", at=now)
        assert not queries.may(user.id, "order.dispatch", unit_path="/1/", at=now)
    assert queries.may(user.id, "order.dispatch", unit_path="/1/", at=now)


def test_each_question_is_one_statement(app: Flask, clock: FrozenClock) -> None:
    now = clock.now()
    user, away = make_user(posts=[("dispatcher", make_unit())]), make_user(posts=[("agent", make_unit())])
    operations.grant_substitution(
        away.id, user.id, valid_from=now, valid_to=now + timedelta(days=1), actor=SYSTEM, now=now
    )
    session.commit()
    with statements() as seen:
        queries.groups_of(user.id, at=now)
        queries.permitted_paths(user.id, "order.dispatch", at=now)
        queries.permissions_of(user.id, at=now)
    assert len([text for text in seen if text.lstrip().upper().startswith(("SELECT", "WITH"))]) == 3


def test_who_holds_a_permission_at_a_place(app: Flask, clock: FrozenClock) -> None:
    tree = make_tree()
    make_user("above", posts=[("dispatcher", tree["P"])])
    make_user("here", posts=[("dispatcher", tree["P-A"])])
    make_user("below", posts=[("dispatcher", tree["P-A-X"])])
    make_user("beside", posts=[("dispatcher", tree["P-B"])])
    found = queries.users_with("order.dispatch", unit_path=tree["P-A"].path, at=clock.now())
    assert {user.username for user in found} == {"above", "here"}


paths = st.lists(st.integers(1, 12), max_size=4).map(lambda ids: "/" + "".join(f"{n}/" for n in ids))


@given(st.lists(paths, max_size=8), paths)
def test_topmost_paths_cover_what_all_of_them_cover(given_paths: list[str], place: str) -> None:
    kept = topmost(given_paths)
    assert any(map(place.startswith, kept)) == any(map(place.startswith, given_paths))
    assert all(not b.startswith(a) for a in kept for b in kept if a != b)
