"""The tree: adding, renaming, moving, closing, and what is kept of before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.identity import operations, queries
from app.identity.operations.fields import InvalidFields
from app.identity.operations.units import UnitInUse, UnitNotFound, WrongPlace
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden
from tests.identity.factories import LONG_AGO, actor_of, make_tree, make_unit, make_user

pytestmark = pytest.mark.databases


def test_a_unit_stands_under_its_parent(app: Flask, clock: FrozenClock) -> None:
    tree = make_tree()
    assert tree["P-A-X"].path == f"/{tree['P'].id}/{tree['P-A'].id}/{tree['P-A-X'].id}/"
    order = [unit.code for unit in queries.subtree(at=clock.now())]
    assert order == ["P", "P-A", "P-A-X", "P-A-X-1", "P-B", "P-B-X", "P-B-X-1"]
    assert [unit.code for unit in queries.subtree([tree["P-B"].path], at=clock.now())] == ["P-B", "P-B-X", "P-B-X-1"]


def test_validity_is_half_open(app: Flask, clock: FrozenClock) -> None:
    now = clock.now()
    unit = make_unit("C", valid_from=now)
    operations.close_unit(unit.id, at=now + timedelta(days=1), actor=SYSTEM, now=now)
    step = timedelta(microseconds=1)
    found = [queries.unit_by_code("C", at=now + shift) for shift in (-step, step * 0, timedelta(days=1) - step)]
    assert [view is not None for view in found] == [False, True, True]
    assert queries.unit_by_code("C", at=now + timedelta(days=1)) is None


def test_a_code_is_free_again_once_its_unit_is_closed(app: Flask, clock: FrozenClock) -> None:
    now = clock.now()
    first = make_unit("C")
    with pytest.raises(InvalidFields) as refused:
        make_unit("C")
    assert list(refused.value.details["errors"]) == ["code"]
    operations.close_unit(first.id, actor=SYSTEM, now=now)
    again = operations.create_unit(code="C", name="新", kind="county", actor=SYSTEM, now=now)
    assert queries.unit_by_code("C", at=now) == again
    earlier = queries.unit_by_code("C", at=LONG_AGO)
    assert earlier is not None
    assert earlier.id == first.id


@pytest.mark.parametrize("code", ["", "lower case", "A B", "-A", "A-", "中", "A" * 41])
def test_codes_are_words_of_capitals(app: Flask, clock: FrozenClock, code: str) -> None:
    with pytest.raises(InvalidFields):
        operations.create_unit(code=code, name="名", kind="city", actor=SYSTEM, now=clock.now())


def test_a_rename_keeps_what_was(app: Flask, clock: FrozenClock) -> None:
    unit = make_unit("C", name="旧名", area="rural")
    first = clock.now()
    operations.edit_unit(unit.id, name="新名", area="urban", actor=SYSTEM, now=first)
    second = clock.advance(timedelta(days=1))
    operations.edit_unit(unit.id, name="更新名", area="urban", actor=SYSTEM, now=second)
    history = queries.unit_history(unit.id)
    assert [(row.name, row.valid_from, row.valid_to) for row in history] == [
        ("新名", first, second),
        ("旧名", LONG_AGO, first),
    ]


def test_a_move_takes_along_all_that_is_under(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    user = make_user(posts=[("dispatcher", tree["P-B"])])
    operations.move_unit(tree["P-A-X"].id, parent_id=tree["P-B"].id, actor=SYSTEM, now=now)
    moved, below = queries.unit_view(tree["P-A-X"].id), queries.unit_by_code("P-A-X-1", at=now)
    assert moved is not None
    assert below is not None
    assert moved.path == f"{tree['P-B'].path}{moved.id}/"
    assert below.path == f"{moved.path}{below.id}/"
    assert queries.may(user.id, "order.dispatch", unit_path=below.path, at=now)
    assert queries.unit_history(moved.id)[0].parent_name == tree["P-A"].name
    assert queries.unit_by_path(below.path) == below


@pytest.mark.parametrize(("unit", "parent"), [("P-A", "P-A"), ("P-A", "P-A-X"), ("P-A-X", "P-B-X"), ("P-A", "P-B")])
def test_a_unit_cannot_stand_under_itself_or_its_like(app: Flask, clock: FrozenClock, unit: str, parent: str) -> None:
    tree = make_tree()
    with pytest.raises(WrongPlace):
        operations.move_unit(tree[unit].id, parent_id=tree[parent].id, actor=SYSTEM, now=clock.now())


def test_a_unit_with_open_units_below_stays_open(app: Flask, clock: FrozenClock) -> None:
    tree = make_tree()
    with pytest.raises(UnitInUse):
        operations.close_unit(tree["P-A-X"].id, actor=SYSTEM, now=clock.now())
    operations.close_unit(tree["P-A-X-1"].id, actor=SYSTEM, now=clock.now())
    operations.close_unit(tree["P-A-X"].id, actor=SYSTEM, now=clock.now())
    with pytest.raises(UnitNotFound):
        operations.edit_unit(tree["P-A-X"].id, name="名", actor=SYSTEM, now=clock.now())


def test_closing_ends_appointments_present_and_planned(app: Flask, clock: FrozenClock) -> None:
    unit, now = make_unit("C"), clock.now()
    user = make_user(posts=[("agent", unit)])
    operations.appoint(user.id, post="crew", unit_id=unit.id, valid_from=now + timedelta(days=9), actor=SYSTEM, now=now)
    operations.close_unit(unit.id, at=now + timedelta(days=1), actor=SYSTEM, now=now)
    held = queries.appointments_of([user.id], at=now, ended=True)[user.id]
    assert [row.valid_to for row in held] == [now + timedelta(days=1), now + timedelta(days=9)]


def test_an_administrator_changes_only_their_subtree(app: Flask, clock: FrozenClock) -> None:
    tree, now = make_tree(), clock.now()
    actor = actor_of(make_user(posts=[("unit_admin", tree["P-A"])]))
    operations.edit_unit(tree["P-A-X"].id, name="新名", actor=actor, now=now)
    operations.create_unit(code="P-A-Y", name="新", kind="county", parent_id=tree["P-A"].id, actor=actor, now=now)
    for attempt in (
        lambda: operations.edit_unit(tree["P-B"].id, name="新名", actor=actor, now=now),
        lambda: operations.edit_unit(tree["P"].id, name="新名", actor=actor, now=now),
        lambda: operations.close_unit(tree["P-B-X-1"].id, actor=actor, now=now),
        lambda: operations.move_unit(tree["P-A-X"].id, parent_id=tree["P-B"].id, actor=actor, now=now),
        lambda: operations.move_unit(tree["P-B-X"].id, parent_id=tree["P-A"].id, actor=actor, now=now),
        lambda: operations.create_unit(
            code="P-C", name="新", kind="city", parent_id=tree["P"].id, actor=actor, now=now
        ),
        lambda: operations.create_unit(code="Q", name="新", kind="province", actor=actor, now=now),
    ):
        with pytest.raises(Forbidden):
            attempt()
