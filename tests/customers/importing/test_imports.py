"""An import from upload to end: all rows or none, once, within one's own units."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.customers.importing import find, operations, queries
from app.customers.importing.operations.writing import AlreadyImported
from app.customers.importing.profiles import Column, Content
from app.customers.models import Contact, Customer, CustomerChange, Premises
from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.kernel.i18n import in_locale
from app.notify.models import Notice
from tests.customers.importing.stage import CUSTOMER_COLUMNS, HEADER, Stage, table
from tests.identity.factories import make_user

GOOD = ["0001", "张三", "阳光花园3幢501室", "GM-A", "8", "2026年3月2日"]
OTHER = ["0002", "李四", "阳光花园3幢502室", "GM-A", "1,250.5", "20260302"]


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Stage:
    return Stage(clock.now())


def count(model: type) -> int:
    found = session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    session.rollback()
    return found


@pytest.mark.databases
def test_good_rows_become_customers_findable_and_with_their_origin(stage: Stage) -> None:
    view = stage.run(table(GOOD, OTHER))
    assert (view.state, view.rows, view.created) == ("done", 2, 2)
    row = session.scalars(sa.select(Customer).where(Customer.number == "0002")).one()
    assert (row.name, row.unit_code, row.contract_capacity, row.source) == (
        "李四",
        "GM-A",
        Decimal("1250.50"),
        "marketing",
    )
    assert session.get_one(Premises, row.premises_id).address_key
    change = session.scalars(sa.select(CustomerChange).where(CustomerChange.customer_id == row.id)).one()
    assert (change.import_id, change.line, change.act) == (view.id, 3, "created")
    assert change.fields["contract_capacity"] == ["", "1250.5"]


@pytest.mark.databases
def test_one_bad_row_and_nothing_is_written(stage: Stage) -> None:
    bad = ["0003", "王五", "", "NOPE", "abc", "2026-02-30"]
    view = stage.run(table(GOOD, bad))
    assert (view.state, view.rows, view.bad) == ("refused", 2, 1)
    assert count(Customer) == 0
    found = {problem.field: problem for problem in stage.problems(view.id)}
    assert set(found) == {"Address", "Supply unit (code)", "Contract capacity (kVA)", "Opened on"} or len(found) == 4
    assert {problem.place for problem in found.values()} == {"3:3", "3:4", "3:5", "3:6"}
    with in_locale("en"):
        reasons = {problem.reason for problem in stage.problems(view.id)}
    assert "“abc” is no number." in reasons


@pytest.mark.databases
def test_the_same_rows_again_change_nothing_and_changed_ones_change_only_what_is_said(stage: Stage) -> None:
    stage.run(table(GOOD, OTHER))
    changed = [*GOOD[:1], "张三丰", "", "", "16", ""]
    view = stage.run(table(changed, OTHER))
    assert (view.created, view.changed, view.same) == (0, 1, 1)
    row = session.scalars(sa.select(Customer).where(Customer.number == "0001")).one()
    assert (row.name, row.address, row.contract_capacity, row.revision) == ("张三丰", GOOD[2], Decimal(16), 2)
    query = sa.select(CustomerChange).where(CustomerChange.import_id == view.id)
    assert session.scalars(query).one().fields == {"name": ["张三", "张三丰"], "contract_capacity": ["8", "16"]}


@pytest.mark.databases
def test_the_same_file_twice_needs_a_confirmation(stage: Stage) -> None:
    first = stage.run(table(GOOD))
    again = stage.upload(table(GOOD))
    assert stage.check(again).earlier == first.id
    with pytest.raises(AlreadyImported):
        stage.write(again)
    assert stage.write(again, repetition=True).same == 1


@pytest.mark.databases
def test_of_two_imports_of_one_file_at_once_one_goes_through(stage: Stage) -> None:
    one, two = stage.upload(table(GOOD)), stage.upload(table(GOOD))
    stage.check(one)
    stage.check(two)
    db.run(lambda: operations.begin_writing(one, actor=stage.actor, now=stage.now))
    with pytest.raises(AlreadyImported):
        db.run(lambda: operations.begin_writing(two, actor=stage.actor, now=stage.now))
    assert stage.settle(one).state == "done"
    assert count(Customer) == 1


def test_the_claim_itself_refuses_the_second(stage: Stage) -> None:
    one, two = stage.upload(table(GOOD)), stage.upload(table(GOOD))
    stage.check(one)
    stage.check(two)
    stage.write(one)
    db.run(lambda: _forget_state(one))  # as if both had looked before either wrote
    with pytest.raises(AlreadyImported):
        stage.write(two)


def _forget_state(import_id: int) -> None:
    find.an_import(import_id).state = "checked"


def test_data_that_changed_after_the_check_refuse_the_whole_import(stage: Stage) -> None:
    import_id = stage.upload(table(GOOD, ["0009", "赵六", "x", "GM-A", "1", ""]))
    assert stage.check(import_id).state == "checked"
    session.execute(sa.text("UPDATE org_unit SET code = 'GONE' WHERE code = 'GM-A'"))
    session.commit()
    view = stage.write(import_id)
    assert (view.state, view.bad) == ("refused", 2)
    assert count(Customer) == 0
    assert count(Notice) == 1


def test_units_of_others_are_refused(stage: Stage) -> None:
    view = stage.run(table([*GOOD[:3], "XX", "1", ""]))
    assert [problem.shown for problem in stage.problems(view.id)] == ["XX"]


def test_who_may_not_import_cannot(stage: Stage) -> None:
    stage.actor = _somebody()
    with pytest.raises(Forbidden):
        stage.upload(table(GOOD))


def test_a_colleague_of_another_unit_does_not_see_the_import(stage: Stage) -> None:
    import_id = stage.upload(table(GOOD))
    with pytest.raises(Forbidden):
        queries.import_view(import_id, actor=_somebody(), now=stage.now)


def _somebody() -> Actor:
    user = make_user()
    return Actor(kind="user", id=user.id, username=user.username, name=user.name)


def test_a_key_twice_in_one_file_names_the_first_line(stage: Stage) -> None:
    view = stage.run(table(GOOD, OTHER, GOOD))
    problem = stage.problems(view.id)[0]
    assert (problem.line, view.bad) == (4, 1)
    assert "2" in problem.reason


def test_titles_and_empty_lines_above_the_header_are_passed_over(stage: Stage) -> None:
    content = "\r\n".join(
        ["客户档案导出,,,,,", ",,,,,", ",".join(HEADER), ",".join(GOOD), "", ",".join(GOOD[:0])]
    ).encode()
    assert stage.run(content).created == 1


def test_a_missing_column_is_named(stage: Stage) -> None:
    view = stage.run(table(GOOD[:5], header=HEADER[:5]))
    assert view.state == "refused"
    assert "立户日期" in view.error


def test_a_file_of_another_encoding_than_chosen_is_refused_with_the_line(stage: Stage) -> None:
    content = Content.from_json({"columns": [{"field": "number", "header": "户号"}], "layout": {"encoding": "utf-8"}})
    view = stage.run(table(GOOD).decode().encode("gb18030"), content=content)
    assert view.state == "refused"
    assert view.error


def test_a_phone_in_the_row_becomes_a_contact_once(stage: Stage) -> None:
    content = Content((*CUSTOMER_COLUMNS, Column("phone", header="联系电话")))
    stage.run(table([*GOOD, "138 0013 8000"], header=[*HEADER, "联系电话"]), content=content)
    stage.run(table([*GOOD, "+86-13800138000 "], header=[*HEADER, "联系电话"]), content=content)
    contact = session.scalars(sa.select(Contact)).one()
    assert (contact.phone, contact.phone_as_given) == ("+8613800138000", "138 0013 8000")


def test_a_given_up_import_cannot_be_written(stage: Stage) -> None:
    import_id = stage.upload(table(GOOD))
    stage.check(import_id)
    db.run(lambda: operations.cancel(import_id, actor=stage.actor, now=stage.now))
    with pytest.raises(find.WrongState):
        stage.write(import_id)


def test_many_bad_rows_are_all_counted_and_shown_in_pages(stage: Stage) -> None:
    rows = [[f"{number:04}", "", "", "GM-A", "", ""] for number in range(30)]
    view = stage.run(table(*rows))
    assert (view.bad, len(stage.problems(view.id))) == (30, 50)
