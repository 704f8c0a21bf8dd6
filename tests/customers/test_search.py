"""One box for customers: by number, meter, phone, name and address, in the reader's units."""

from __future__ import annotations

import pytest
from flask import Flask

from app.customers import names
from app.customers.fictive import writing
from app.customers.fictive.household import household
from app.customers.queries.find import by_meter, by_number, by_phone
from app.customers.queries.search import read, search
from app.identity.queries import UnitView
from app.kernel.clock import FrozenClock
from tests.customers.factories import demo_units, make_fictive

ALL = ["/"]
COUNT = 80


@pytest.fixture
def units(app: Flask, clock: FrozenClock) -> list[UnitView]:
    units = demo_units()
    make_fictive(COUNT, units, now=clock.now())
    return units


def numbers(text: str, paths: list[str] = ALL) -> list[str]:
    return [line.number for line in search(text, paths=paths)]


@pytest.mark.databases
def test_every_way_to_find_a_customer(units: list[UnitView]) -> None:
    home = household(60, units[0].code)
    phone = home.people[0].phone
    ways = {
        home.number: "number",
        f" {home.number[:4]} {home.number[4:]} ": "number",
        "３３０１０４００６０": "number",
        home.meter: "meter",
        phone: "phone",
        f"{phone[3:6]}-{phone[6:10]} {phone[10:]}": "phone",
        phone[-6:]: "phone_end",
        home.name: "name",
        f"{home.name[0]} {home.name[1:]}": "name",
        home.address: "words",
        home.address.replace("幢", "栋").replace("号", " 号 "): "words",
    }
    for text, found_by in ways.items():
        found = {line.number: line.found_by for line in search(text, paths=ALL)}
        assert found.get(home.number) == found_by, text


@pytest.mark.databases
def test_words_of_name_and_address(units: list[UnitView]) -> None:
    assert all("解放路" in line.address for line in search("解放路", paths=ALL))
    assert "3301040000" in numbers("王芳 解放路")
    assert "3301040000" in numbers("解放路十二号3单元")
    assert numbers("解放路 王芳 无此地方") == []
    assert numbers("路解放") == []  # its pairs of characters are there, but not together


@pytest.mark.databases
def test_beginnings_come_after_whole_numbers(units: list[UnitView]) -> None:
    found = search("330104000", paths=ALL)
    assert [line.number for line in found] == [f"330104000{n}" for n in range(10)]
    assert {line.found_by for line in found} == {"number_beginning"}
    assert [line.number for line in search("3301040007", paths=ALL)] == ["3301040007"]


@pytest.mark.databases
def test_only_the_readers_units(units: list[UnitView]) -> None:
    inside, outside = [units[0].path], [units[1].path]
    for text in ("3301040000", "330100000000", "13800138000", "王芳", "解放路", "8000"):
        assert "3301040000" in numbers(text, inside), text
        assert "3301040000" not in numbers(text, outside), text
    assert numbers("3301040000", []) == []
    both = search("解放路", paths=[units[0].path, units[1].path])
    assert {line.unit_code for line in both} <= {units[0].code, units[1].code}


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "'", '"', "()", "1", "a", "号", "\\", "3单元", "🙂", "\x00", "&|!:*"]
)
def test_texts_that_mean_nothing_find_little_and_break_nothing(units: list[UnitView], text: str) -> None:
    assert len(search(text, paths=ALL)) <= 20


def test_by_what_names_a_customer(units: list[UnitView]) -> None:
    found = by_number(" 3301040001 ")
    assert found is not None
    assert found.name == "李强"
    assert by_number("3301040001", paths=[units[0].path]) is None
    assert [line.number for line in by_meter("330100000007")] == ["3301040001"]
    assert [line.number for line in by_phone("+86 138 0013 8001")] == ["3301040001"]
    assert by_phone("13900000000") == by_phone("") == by_phone("无") == []


def test_names_are_compared_without_signs() -> None:
    assert names.key(" 阿依古丽·买买提 ") == "阿依古丽买买提"
    assert names.key("ＡＢＣ (中国) 公司") == "abc中国公司"


def test_what_was_typed() -> None:
    assert read("（0571）8800 0101").digits == "057188000101"
    assert read("330 104").code == "330104"
    assert read("A12-3").code == "A12-3"
    assert read("A12-3").digits == ""
    assert read("王芳1").code == ""


def test_what_an_escape_needs_is_copied_as_it_is(app: Flask) -> None:
    assert writing._line(("a\tb", None, "c\\N", 1)) == "a\\tb\t\\N\tc\\\\N\t1"
    assert writing._line(("a", None, 2)) == "a\t\\N\t2"
