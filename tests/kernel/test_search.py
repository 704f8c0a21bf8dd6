"""Search: the same answers on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import db
from app.kernel.db import Base
from app.kernel.search import SearchIndex, bigrams
from app.kernel.search.words import TAIL, normalize

TEXTS = {
    1: "城关镇西街停电报修，客户张建国，电话13812345678",
    2: "GD202603020001 变压器异响；10kV城南线",
    3: "电报局门口电线杆倾斜",
    4: "Transformer noise, Customer O'Neil, Café",
    5: "停，电话亭无电",
    6: "ＡＢＣ全角１２３４５",
}
CASES = [
    ("停电", {1}),
    ("停电报修", {1}),
    ("电报", {1, 3}),
    ("修", {1}),
    ("停", {1, 5}),
    ("电话", {1, 5}),
    ("西街 张建国", {1}),
    ("西街张建国", set()),
    ("13812345678", {1}),
    ("5678", {1}),
    ("3812", {1}),
    ("8123456", {1}),
    ("99999", set()),
    ("GD20260302", {2}),
    ("gd202603020001", {2}),
    ("0302", {2}),
    ("10kv 城南", {2}),
    ("TRANS", {4}),
    ("former", set()),
    ("cafe", {4}),
    ("o'neil", {4}),
    ("abc全角", {6}),
    ("12345", {1, 6}),
    ("", set()),
    ("，。*\"'&|!():", set()),
    ("停电' | '电报", {1}),
    ('停电" OR "电报', set()),
    ("NOT 停电", set()),
]


@pytest.fixture
def filled(app: Flask) -> Iterator[SearchIndex]:
    index = SearchIndex("tested", sa.Integer())
    index.table.create(db.db.engine)
    db.run(lambda: [index.put(key, text) for key, text in TEXTS.items()])
    yield index
    db.session.rollback()
    index.table.drop(db.db.engine)
    Base.metadata.remove(index.table)


def found(index: SearchIndex, query: str) -> set[int]:
    return set(db.session.scalars(index.match(query)))


@pytest.mark.databases
def test_answers(filled: SearchIndex) -> None:
    assert {query: found(filled, query) for query, _ in CASES} == dict(CASES)


@pytest.mark.databases
def test_a_new_text_replaces_the_old_one(filled: SearchIndex) -> None:
    db.run(lambda: filled.put(1, "路灯不亮"))
    assert (found(filled, "停电"), found(filled, "路灯")) == (set(), {1})
    db.run(lambda: filled.put(1, "路灯不亮"))
    db.run(lambda: filled.drop(1))
    assert found(filled, "路灯") == set()


@pytest.mark.databases
def test_any_word_that_was_put_in_is_found(filled: SearchIndex) -> None:
    for key, text in TEXTS.items():
        for word in text.replace("，", " ").replace("；", " ").split():
            assert key in found(filled, word), word


def test_pairs_with_the_last_character() -> None:
    assert bigrams("停电报修") == "停电 电报 报修 修"
    assert bigrams("电") == "电"
    assert bigrams("10kV 西街") == "10kv 西街 街"
    assert bigrams("123456") == "123456 23456 3456"


@given(st.text(max_size=200))
def test_any_text_gives_plain_words(text: str) -> None:
    for word in bigrams(text).split():
        assert word.isalnum() or not normalize(word).isascii()


@given(st.text("停电报修客户变压器", min_size=2, max_size=30), st.data())
def test_every_part_of_a_chinese_text_is_a_phrase_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    part = bigrams(text[start:end]).rsplit(" ", 1)[0]
    assert f" {part} " in f" {bigrams(text)} "


@given(st.text("0123456789", min_size=TAIL, max_size=32), st.data())
def test_any_four_digits_of_a_number_begin_a_word(number: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(number) - TAIL))
    assert any(word.startswith(number[start : start + TAIL]) for word in bigrams(number).split())
