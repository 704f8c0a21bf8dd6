"""Contacts, meters and readings: known again by their keys, refused where they cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.customers.importing import queries
from app.customers.importing.origin import origins
from app.customers.importing.profiles import Column, Content
from app.customers.models import Contact, Customer, CustomerChange, Meter, Reading
from app.customers.rollover import rollover
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.i18n import in_locale
from tests.customers.importing.stage import Stage, table

CUSTOMERS = [["0001", "张三", "阳光花园3幢", "GM-A", "8", ""], ["0002", "李四", "阳光花园4幢", "GM-A", "8", ""]]
METERS = {
    "customer_number": "户号",
    "number": "表号",
    "multiplier": "倍率",
    "installed_on": "装表日期",
    "removed_on": "拆表日期",
}
READINGS = {"meter_number": "表号", "read_on": "抄表日期", "kind": "类型", "total": "示数（万kWh）"}
CONTACTS = {"customer_number": "户号", "name": "联系人", "phone": "电话", "role": "类型", "preferred": "首选"}


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Stage:
    stage = Stage(clock.now())
    assert stage.run(table(*CUSTOMERS)).state == "done"
    return stage


def bring(stage: Stage, target: str, columns: dict[str, str], *rows: list[str], unit: str = "") -> queries.ImportView:
    mapped = [Column(name, header=header, unit=unit if name == "total" else "") for name, header in columns.items()]
    return stage.run(
        table(*rows, header=list(columns.values())), target=target, content=Content(tuple(mapped), source="marketing")
    )


def reasons(stage: Stage, view: queries.ImportView) -> list[str]:
    with in_locale("en"):
        return [problem.reason for problem in stage.problems(view.id)]


def meters(stage: Stage) -> None:
    rows = (["0001", "A1", "40", "2026-01-05", ""], ["0002", "B1", "1", "2026-01-05", ""])
    assert bring(stage, "meters", METERS, *rows).created == 2


@pytest.mark.databases
def test_meters_are_added_changed_and_refused_where_they_stand_elsewhere(stage: Stage) -> None:
    meters(stage)
    view = bring(stage, "meters", METERS, ["0001", "A1", "60", "", ""], ["0002", "B1", "1", "2026-01-05", ""])
    assert (view.changed, view.same) == (1, 1)
    row = session.scalars(sa.select(Meter).where(Meter.number == "A1")).one()
    assert (row.multiplier, row.installed_on, row.digits) == (Decimal(60), date(2026, 1, 5), 6)
    session.rollback()
    wrong = bring(stage, "meters", METERS, ["0002", "A1", "1", "2026-02-01", ""], ["0009", "C1", "1", "2026-02-01", ""])
    assert reasons(stage, wrong) == [
        "This meter stands at another customer: 0001",
        "There is no customer with this number: 0009",
    ]
    late = bring(stage, "meters", METERS, ["0001", "D1", "1", "", ""], ["0001", "E1", "1", "2026-02-01", "2026-01-01"])
    assert reasons(stage, late) == ["A value is missing.", "The day of removal is before the day of installation."]


@pytest.mark.databases
def test_readings_in_another_unit_come_as_kilowatt_hours(stage: Stage) -> None:
    meters(stage)
    view = bring(stage, "readings", READINGS, ["A1", "2026-02-01", "抄表", "0.0125"], unit="万kWh")
    assert view.created == 1
    row = session.scalars(sa.select(Reading)).one()
    assert (row.total, row.kind, row.source) == (Decimal(125), "regular", "marketing")
    session.rollback()
    again = bring(stage, "readings", READINGS, ["A1", "2026-02-01", "抄表", "0.0126"], unit="万kWh")
    assert again.changed == 1
    assert session.scalars(sa.select(Reading.total)).one() == 126


@pytest.mark.databases
def test_a_register_that_goes_back_is_refused_unless_it_rolled_over_or_corrects(stage: Stage) -> None:
    meters(stage)
    first = [["A1", "2026-02-01", "", "999900"], ["B1", "2026-02-01", "", "500"]]
    assert bring(stage, "readings", READINGS, *first).created == 2
    back = [["A1", "2026-03-01", "", "120"], ["B1", "2026-03-01", "", "400"]]
    refused = bring(stage, "readings", READINGS, *back)
    assert refused.bad == 1
    assert "The register shows less than on 2026-02-01 (500)." in reasons(stage, refused)[0]
    put_right = bring(stage, "readings", READINGS, back[0], ["B1", "2026-03-01", "更正", "400"])
    assert put_right.created == 2
    within = [["A1", "2026-05-01", "", "300"], ["A1", "2026-04-01", "", "310"]]
    assert bring(stage, "readings", READINGS, *within).bad == 1


def test_readings_outside_the_meter_s_time_and_of_unknown_meters_are_refused(stage: Stage) -> None:
    meters(stage)
    rows = [["A1", "2025-12-31", "", "1"], ["Z9", "2026-02-01", "", "1"], ["B1", "2026-02-01", "", ""]]
    assert reasons(stage, bring(stage, "readings", READINGS, *rows)) == [
        "The meter was installed only on 2026-01-05.",
        "This customer has no meter with this number: Z9",
        "A reading needs at least one register's value.",
    ]


@pytest.mark.databases
def test_contacts_are_known_by_their_phone(stage: Stage) -> None:
    bring(stage, "contacts", CONTACTS, ["0001", "王工", "0571-88000101转802", "电工", "是"])
    view = bring(
        stage,
        "contacts",
        CONTACTS,
        ["0001", "王建国", "(0571)88000101", "", ""],
        ["0001", "x", "１３８００１３８０００", "", ""],
    )
    assert (view.created, view.changed) == (1, 1)
    row = session.scalars(sa.select(Contact).where(Contact.phone == "+8657188000101")).one()
    assert (row.name, row.role, row.preferred) == ("王建国", "electrician", True)


def test_the_customer_s_page_says_where_each_field_came_from(stage: Stage) -> None:
    view = stage.run(table(["0001", "张三丰", "", "", "", ""]))
    customer = session.scalars(sa.select(Customer.id).where(Customer.number == "0001")).one()
    newest, oldest = origins(customer)
    assert (newest.fields, newest.import_id, newest.line) == (["户名"], view.id, 2)
    assert "户名" not in oldest.fields
    assert "用电地址" in oldest.fields


def test_changes_of_an_import_carry_no_place_until_they_are_committed(stage: Stage) -> None:
    assert set(session.scalars(sa.select(CustomerChange.position))) == {None}


@pytest.mark.parametrize(
    ("before", "after", "over"),
    [(999900, 120, True), (500, 400, False), (950000, 300000, False), (850000, 20000, False)],
)
def test_imports_take_a_rollover_for_what_entry_takes_it_for(app: Flask, before: int, after: int, over: bool) -> None:
    assert rollover().happened(Decimal(before), Decimal(after), 6) is over
