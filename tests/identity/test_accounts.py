"""Accounts, appointments and substitutions: what is checked, and whom an administrator reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.identity import operations, queries
from app.identity.operations.appointments import AlreadyAppointed, PostNotFound
from app.identity.operations.fields import InvalidFields
from app.identity.operations.users import OwnAccount
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from tests.identity.factories import actor_of, make_tree, make_unit, make_user

pytestmark = pytest.mark.databases


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "1abc"}, "username"),
        ({"username": "张三"}, "username"),
        ({"username": "taken"}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"name": "  "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"email": "not an address"}, "email"),
        ({"locale": "fr"}, "locale"),
    ],
)
def test_what_does_not_fit_is_named(app: Flask, clock: FrozenClock, fields: dict[str, Any], wrong: str) -> None:
    make_user("taken")
    with pytest.raises(InvalidFields) as refused:
        operations.create_user(**{"username": "new", "name": "新", **fields}, actor=SYSTEM, now=clock.now())
    assert list(refused.value.details["errors"]) == [wrong]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 5710 0103", "13957100103"),
        ("+86 139-5710-0103", "13957100103"),
        ("0571 88000101", "0571-88000101"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_phones_are_kept_in_one_form(app: Flask, clock: FrozenClock, typed: str, kept: str) -> None:
    made = operations.create_user(username="new", name="新", phone=typed, actor=SYSTEM, now=clock.now())
    assert made.phone == kept


def test_a_post_is_given_once_at_a_time(app: Flask, clock: FrozenClock) -> None:
    unit, now = make_unit(), clock.now()
    user = make_user()
    make_user(posts=[("agent", unit)])
    until = now + timedelta(days=10)
    first = operations.appoint(user.id, post="agent", unit_id=unit.id, valid_to=until, actor=SYSTEM, now=now)
    with pytest.raises(AlreadyAppointed):
        operations.appoint(user.id, post="agent", unit_id=unit.id, actor=SYSTEM, now=now)
    operations.appoint(user.id, post="agent", unit_id=unit.id, valid_from=until, actor=SYSTEM, now=now)
    with pytest.raises(InvalidFields):
        operations.appoint(user.id, post="crew", unit_id=unit.id, valid_to=now, actor=SYSTEM, now=now)
    with pytest.raises(PostNotFound):
        operations.appoint(user.id, post="nobody", unit_id=unit.id, actor=SYSTEM, now=now)
    operations.end_appointment(first, actor=SYSTEM, now=now)
    assert queries.groups_of(user.id, at=now) == frozenset()


def test_an_administrator_reaches_their_people_only(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    actor = actor_of(make_user(posts=[("unit_admin", tree["P-A"])]))
    mine = make_user(posts=[("agent", tree["P-A-X"])])
    theirs = make_user(posts=[("agent", tree["P-B"])])
    both = make_user(posts=[("agent", tree["P-A"]), ("department", tree["P"])])
    central = make_user()
    boss = make_user(posts=[("admin", None)], unit=tree["P-A"])
    edits: list[Callable[[int], object]] = [
        lambda user_id: operations.set_active(user_id, False, actor=actor, now=now),
        lambda user_id: operations.reset_password(user_id, actor=actor, now=now),
        lambda user_id: operations.reset_two_factor(user_id, actor=actor, now=now),
        lambda user_id: operations.unlock(user_id, actor=actor, now=now),
        lambda user_id: operations.edit_user(user_id, name="新", unit_id=tree["P-A"].id, actor=actor, now=now),
        lambda user_id: operations.grant_substitution(
            user_id, mine.id, valid_from=now, valid_to=now + timedelta(days=1), actor=actor, now=now
        ),
        lambda user_id: operations.issue_token(
            user_id, name="t", scopes=["task.work"], expires_at=now + timedelta(days=1), actor=actor, now=now
        ),
    ]
    for edit in edits:
        for other in (theirs, both, central, boss):
            with pytest.raises(Forbidden):
                edit(other.id)
    for edit in edits[:5]:
        edit(mine.id)


def test_accounts_move_only_between_units_of_ones_own(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    actor = actor_of(make_user(posts=[("unit_admin", tree["P-A"])]))
    mine = make_user(unit=tree["P-A-X"])
    for unit_id in (tree["P-B"].id, tree["P"].id, None):
        with pytest.raises(Forbidden):
            operations.edit_user(mine.id, name="新", unit_id=unit_id, actor=actor, now=now)
        with pytest.raises(Forbidden):
            operations.create_user(username="new", name="新", unit_id=unit_id, actor=actor, now=now)


def test_nobody_gives_rights_they_have_not(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    actor = actor_of(make_user(posts=[("unit_admin", tree["P-A"])]))
    mine = make_user(unit=tree["P-A-X"])
    operations.appoint(mine.id, post="dispatcher", unit_id=tree["P-A-X"].id, actor=actor, now=now)
    operations.appoint(mine.id, post="unit_admin", unit_id=tree["P-A-X"].id, actor=actor, now=now)
    for post, unit in (("admin", "P-A"), ("analyst", "P-A"), ("dispatcher", "P-B"), ("dispatcher", "P")):
        with pytest.raises(Forbidden):
            operations.appoint(mine.id, post=post, unit_id=tree[unit].id, actor=actor, now=now)
    with pytest.raises(Forbidden):
        operations.appoint(mine.id, post="dispatcher", unit_id=None, actor=actor, now=now)


def test_nobody_without_the_right_changes_anything(app: Flask, clock: FrozenClock) -> None:
    unit, now = make_unit(), clock.now()
    plain, other = actor_of(make_user(posts=[("dispatcher", unit)])), make_user(unit=unit)
    with pytest.raises(Forbidden):
        operations.create_user(username="new", name="新", unit_id=unit.id, actor=plain, now=now)
    with pytest.raises(Forbidden):
        operations.appoint(other.id, post="agent", unit_id=unit.id, actor=plain, now=now)
    with pytest.raises(Forbidden):
        operations.reset_password(other.id, actor=plain, now=now)


def test_one_cannot_disable_oneself(app: Flask, clock: FrozenClock) -> None:
    boss = make_user(posts=[("admin", None)])
    with pytest.raises(OwnAccount):
        operations.set_active(boss.id, False, actor=actor_of(boss), now=clock.now())


def test_going_away_is_ones_own_affair(app: Flask, clock: FrozenClock) -> None:
    now, unit = clock.now(), make_unit()
    me, other = make_user(unit=unit), make_user(unit=unit)
    until = now + timedelta(days=1)
    row = operations.grant_substitution(me.id, other.id, valid_from=now, valid_to=until, actor=actor_of(me), now=now)
    with pytest.raises(Forbidden):
        operations.end_substitution(row, actor=actor_of(other), now=now)
    with pytest.raises(Forbidden):
        operations.grant_substitution(other.id, me.id, valid_from=now, valid_to=until, actor=actor_of(me), now=now)
    operations.end_substitution(row, actor=actor_of(me), now=now + timedelta(hours=1))
    assert queries.substitutes_of(me.id, at=now + timedelta(hours=2)) == []


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1), (-2, -1)])
def test_a_substitution_lies_ahead(app: Flask, clock: FrozenClock, start: int, end: int) -> None:
    now, me, other = clock.now(), make_user(), make_user()
    with pytest.raises(InvalidFields):
        operations.grant_substitution(
            me.id,
            other.id,
            valid_from=now + timedelta(days=start),
            valid_to=now + timedelta(days=end),
            actor=actor_of(me),
            now=now,
        )
    with pytest.raises(InvalidFields):
        operations.grant_substitution(
            me.id, me.id, valid_from=now, valid_to=now + timedelta(days=1), actor=actor_of(me), now=now
        )


def test_what_was_done_is_on_record_without_secrets(app: Flask, clock: FrozenClock) -> None:
    unit, now = make_unit("C"), clock.now()
    user = make_user("lin", unit=unit)
    fresh = operations.reset_password(user.id, actor=SYSTEM, now=now)
    _id, secret = operations.issue_token(
        make_user(posts=[("agent", unit)]).id,
        name="t",
        scopes=["task.work"],
        expires_at=now + timedelta(days=1),
        actor=SYSTEM,
        now=now,
    )
    rows = session.scalars(sa.select(AuditEntry)).all()
    assert {row.action for row in rows} >= {"unit.create", "user.create", "user.reset_password", "token.issue"}
    assert all(row.unit_path == unit.path for row in rows if row.subject_id == "lin")
    assert not any(word in str(row.details) for row in rows for word in (fresh, secret))
