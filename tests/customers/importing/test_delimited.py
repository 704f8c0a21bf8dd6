"""Delimited text in every encoding and with every separator."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.importing.reading import Layout, Unreadable, open_table
from tests.customers.importing.files import csv_file

ROWS = [("户号", "户名", "金额"), ("0001", "张三", "1.50"), ("0002", "李四", "2.00")]

TEXT = st.text(st.characters(codec="gb18030", exclude_characters="\x00\r\ufeff\x1a"), max_size=12)


def read(path: Path, layout: Layout | None = None) -> list[list[object]]:
    return [list(row.values) for row in open_table(path, layout or Layout()).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_encoding_and_separator_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = csv_file(tmp_path / "a.csv", ROWS, encoding=encoding, delimiter=delimiter)
    assert read(path) == [list(row) for row in ROWS]


def test_excel_s_own_word_for_the_separator_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("sep=;\r\n户号;户名\r\n1;a,b\r\n".encode("gb18030"))
    assert read(path) == [["户号", "户名"], ["1", "a,b"]]


def test_lines_are_counted_through_line_breaks_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('户号,地址\n1,"一行\n二行"\n2,三\n', encoding="utf-8")
    assert [row.line for row in open_table(path, Layout()).rows()] == [1, 2, 4]


def test_an_encoding_chosen_by_hand_counts_before_what_is_found(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [("戶號", "戶名"), ("1", "張三")], encoding="big5")
    assert read(path, Layout(encoding="big5"))[1] == ["1", "張三"]
    with pytest.raises(Unreadable) as refused:
        read(csv_file(tmp_path / "b.csv", ROWS, encoding="gb18030"), Layout(encoding="utf-8"))
    assert refused.value.details["reason"] == "encoding"


def test_a_quotation_mark_that_is_not_closed_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x\n2,y\n', encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.details == {"reason": "quoting", "place": "2"}


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(Unreadable):
        read(tmp_path / "a.csv")


def test_an_old_excel_file_is_told_how_to_save(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "a.csv")
    assert refused.value.details["reason"] == "old_excel"


@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_what_csv_wrote_is_read(rows: list[tuple[str, str, str]], encoding: str, delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    chosen = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "gb18030": "gb18030"}[encoding]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        assert read(path, Layout(encoding=chosen, delimiter=delimiter)) == [list(row) for row in rows]


@given(content=st.binary(min_size=1, max_size=400))
def test_no_content_ends_in_anything_but_rows_or_a_refusal(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        with suppress(Unreadable):
            assert all(isinstance(row, list) for row in read(path))
