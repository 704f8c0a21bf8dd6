"""Workbooks as people make them: merged cells, formulas, numbers for text, hidden rows, several sheets, bombs."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.customers.importing.reading import Layout, Row, Trouble, Unreadable, open_table
from app.customers.importing.values import to_date, to_number
from tests.customers.importing.files import bomb, xlsx_file


def rows(path: Path, **layout: object) -> list[Row]:
    return list(open_table(path, Layout(**layout)).rows())  # type: ignore[arg-type]


def test_values_keep_their_kind(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["a", 12, 0.1 + 0.2, date(2026, 3, 2), True, None, "x"]])
    assert rows(path)[0].values == ["a", Decimal(12), Decimal("0.3"), datetime(2026, 3, 2), True, None, "x"]  # noqa: DTZ001


def test_the_value_of_a_merged_area_stands_in_each_of_its_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["户号", "表号"], ["0001", "A1"], [None, "A2"], ["0002", "B1"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    assert [row.values[0] for row in rows(tmp_path / "a.xlsx")] == ["户号", "0001", "0001", "0002"]


def test_cells_merged_across_columns_are_trouble_behind_the_first(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["0001", None, "x"])
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx")[0].values == ["0001", Trouble("merged", "0001"), "x"]


def test_a_formula_without_a_computed_value_is_trouble_and_names_itself(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["=1+1"]])
    assert rows(path)[0].values == [Trouble("formula", "=1+1")]


def test_a_computed_formula_is_taken_or_refused_as_the_profile_says(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["=1+1"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b"<v></v>" in parts[sheet] or b"<v />" in parts[sheet] or b"<v/>" in parts[sheet]
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        parts[sheet] = parts[sheet].replace(empty, b"<v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert rows(path)[0].values == [Decimal(2)]
    assert rows(path, formulas="refuse")[0].values == [Trouble("formula", "=1+1")]


def test_error_values_and_lost_digits_are_trouble(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["#REF!", 3300000000000012345]])
    found = rows(path)[0].values
    assert [value.code for value in found if isinstance(value, Trouble)] == ["cell_error", "lost_digits"]


def test_hidden_rows_are_marked(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a"])
    sheet.append(["b"])
    sheet.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")
    assert [row.hidden for row in rows(tmp_path / "a.xlsx")] == [False, True]


def test_the_first_visible_sheet_with_content_is_read_unless_another_is_named(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    hidden = book.active
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空表")
    book.create_sheet("数据").append(["data"])
    book.create_sheet("说明").append(["notes"])
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx")[0].values == ["data"]
    assert rows(tmp_path / "a.xlsx", sheet="说明")[0].values == ["notes"]
    with pytest.raises(Unreadable):
        rows(tmp_path / "a.xlsx", sheet="没有")


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        rows(bomb(tmp_path / "a.xlsx"))
    assert refused.value.details["reason"] == "bomb"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["a"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    sheet = parts["xl/worksheets/sheet1.xml"]
    sheet = sheet.replace(b"<worksheet", evil + b"<worksheet", 1)
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>0</v>", b"<v>&e;</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    try:
        shown = str([row.values for row in rows(path)])
    except Unreadable as refused:
        shown = str(refused)
    assert "geheim" not in shown


@pytest.mark.parametrize("keep", [10, 100, 1000, 3000])
def test_a_cut_off_workbook_is_refused(tmp_path: Path, keep: int) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["a", "b"]] * 50)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Unreadable):
        rows(path)


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=8).filter(
                lambda text: not text.startswith(("=", "#"))
            ),
            st.decimals(-(10**9), 10**9, places=2),
            st.dates(date(1950, 1, 1), date(2099, 12, 31)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_openpyxl_wrote_is_read(values: list[str | Decimal | date]) -> None:
    with TemporaryDirectory() as folder:
        path = xlsx_file(Path(folder) / "a.xlsx", [values])
        found = rows(path)[0].values
    for given_value, read in zip(values, found, strict=True):
        if isinstance(given_value, Decimal):
            assert to_number(read) == given_value
        elif isinstance(given_value, date):
            assert to_date(read) == given_value
        else:
            assert read == given_value
