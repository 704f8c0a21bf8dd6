"""What callers hear of the library."""

from __future__ import annotations

from app.kernel.actor import SYSTEM
from app.kernel.lookups import ask
from app.knowledge.bindings import spoken_text
from tests.knowledge.library import Library


def test_the_best_article_that_holds_everywhere(library: Library) -> None:
    library.published(
        title="交费渠道", answer="**手机**、营业厅均可交费，见[网站](https://example.cn)。", category="payment"
    )
    library.published(unit="C", title="本县交费渠道", answer="仅本县。", category="payment")

    def asked(**inputs: str) -> dict[str, object]:
        return ask("knowledge.answer", inputs, actor=SYSTEM, now=library.now)

    found = asked(category="payment", question="交费")
    assert found["text"] == "手机、营业厅均可交费，见网站。"
    assert asked(category="payment")["title"] == "交费渠道"
    assert asked(category="payment", question="完全无关")["found"] is False
    assert asked(category="no_such")["found"] is False


def test_signs_of_a_page_are_not_read_out() -> None:
    assert spoken_text("# 标题\n- *一*\n\n二 `三`") == "标题 - 一 二 三"
