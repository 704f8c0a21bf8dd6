"""Finding answers: on both databases the same, best first, only what holds now and here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.kernel import db
from app.knowledge import operations
from app.knowledge.queries import search
from tests.knowledge.library import TODAY, Library, article

pytestmark = pytest.mark.databases


def found(text: str, **options: object) -> list[str]:
    given = {"paths": ["/"], "day": TODAY, **options}
    return [hit.title for hit in search(text, **given)]  # type: ignore[arg-type]


@pytest.fixture
def shelf(library: Library) -> Library:
    library.published()
    library.published(
        title="抢修人员多久到现场", category="fault_limits", answer="城区45分钟。", questions=["师傅什么时候到"],
        keywords=["到达现场"], businesses=["fault_repair"],
    )  # fmt: skip
    library.published(
        title="更名过户需要什么材料",
        category="app_change",
        answer="请先结清电费。",
        questions=["买了二手房电表怎么过户"],
        keywords=[],
    )
    return library


def test_a_question_in_the_customers_words_finds_the_answer_first(shelf: Library) -> None:
    assert found("我刚买了二手房，电表要过户")[0] == "更名过户需要什么材料"
    assert found("电费怎么突然这么贵")[0] == "居民阶梯电价怎样计算"
    assert found("师傅到哪了")[0] == "抢修人员多久到现场"


def test_the_best_comes_first_and_what_shares_no_word_does_not_come(shelf: Library) -> None:
    assert found("过户") == ["更名过户需要什么材料"]
    assert found("光伏") == []


def test_a_branch_of_the_tree_is_searched_with_what_hangs_below(shelf: Library) -> None:
    assert found("电费", category="application") == ["更名过户需要什么材料"]
    assert found("电费", category="no_such") == []


def test_without_words_the_most_used_come_first(shelf: Library) -> None:
    hit = search("过户", paths=["/"], day=TODAY)[0]
    for _ in range(2):
        db.run(lambda: operations.note_use(hit.number, "inserted", actor=shelf.writing, now=shelf.now))
    assert found("")[0] == "更名过户需要什么材料"
    assert found("", business="fault_repair") == ["抢修人员多久到现场"]


def test_what_is_not_valid_on_the_day_is_not_found(library: Library) -> None:
    library.published(valid_from=TODAY, valid_until=TODAY + timedelta(days=10))
    assert found("阶梯电价", day=TODAY - timedelta(days=1)) == []
    assert found("阶梯电价", day=TODAY + timedelta(days=9)) == ["居民阶梯电价怎样计算"]
    assert found("阶梯电价", day=TODAY + timedelta(days=10)) == []


def test_a_units_own_answer_is_found_there_above_and_below_and_not_beside(library: Library) -> None:
    library.published(unit="C")
    county, province = library.units["C"].path, library.units["P"].path
    assert found("阶梯电价", paths=[county])
    assert found("阶梯电价", paths=[province])
    assert found("阶梯电价", paths=[county + "999/"])
    assert found("阶梯电价", paths=[province + "888/"]) == []
    assert found("阶梯电价", paths=[]) == []


def test_new_words_replace_the_old_in_the_search(library: Library) -> None:
    number = library.published()

    def again() -> None:
        operations.save_draft(
            article(questions=["多人口优惠"], keywords=[]), number=number, actor=library.writing, now=library.now
        )

    db.run(again)
    assert found("多人口优惠") == []
    assert found("突然变贵") == ["居民阶梯电价怎样计算"]


@pytest.mark.parametrize("text", ["", "   ", "'\"%_\\", "\x00", "停电" * 3000, "NEAR(", "a" * 5000, "𠮷野家"])
def test_any_question_is_answered(shelf: Library, text: str) -> None:
    assert isinstance(search(text, paths=["/"], day=date(2026, 3, 2)), list)
