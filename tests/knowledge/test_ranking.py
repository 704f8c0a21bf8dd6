"""What a text is looked up by, and what an article's words weigh."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.knowledge import ranking


def test_words_that_say_nothing_are_left_out() -> None:
    assert ranking.query_terms("请问阶梯电价怎么办") == ["问阶", "阶梯", "梯电", "电价", "价怎"]


def test_a_question_of_nothing_but_such_words_is_still_asked() -> None:
    assert ranking.query_terms("怎么办") == ["怎么", "么办", "办"]


def test_latin_words_and_numbers_are_terms_as_a_whole() -> None:
    assert ranking.terms("拨打95598，APP 查询") == ["拨打", "95598", "app", "查询"]


def test_a_word_of_a_question_weighs_more_than_one_of_the_body() -> None:
    weights = ranking.weights({"questions": ["过户"], "body": ["暂停"]})
    assert weights["过户"] > weights["暂停"]


def test_a_word_repeated_without_end_does_not_win_without_end() -> None:
    once, often = (ranking.weights({"title": ["过户" * n]})["过户"] for n in (1, 500))
    assert once <= often <= once * 2.2


def test_what_everybody_has_is_worth_less_than_what_is_rare() -> None:
    assert ranking.rarity(1000, 1) > ranking.rarity(1000, 500) > ranking.rarity(1000, 1000) >= 0


@given(st.text(max_size=200))
def test_any_text_has_terms_of_bounded_length(text: str) -> None:
    for term in ranking.query_terms(text):
        assert 0 < len(term) <= ranking.LONGEST
    assert len(ranking.query_terms(text)) <= ranking.MOST_TERMS
