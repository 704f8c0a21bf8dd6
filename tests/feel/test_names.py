"""Names: with spaces, signs, keywords, in Chinese."""

from __future__ import annotations

from typing import Any

import pytest

from app import feel
from tests.feel.tables import value


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("户号 + 1", {"户号": 1}, 2),
        ("Monthly Fee * 2", {"Monthly Fee": 3}, 6),
        ("Monthly   Fee * 2", {"Monthly Fee": 3}, 6),
        ("a-b", {"a-b": 5, "a": 9, "b": 1}, 5),
        ("a-b", {"a": 9, "b": 1}, 8),
        ("Applicant's age > 17", {"Applicant's age": 18}, True),
        ("profit and loss + 1", {"profit and loss": 1}, 2),
        ("Level 2 + 1", {"Level 2": 1}, 2),
        ("order.line items[1].unit price", {"order": {"line items": [{"unit price": 7}]}}, 7),
        ("客户.地址", {"客户": {"地址": "南京路"}}, "南京路"),
        ("for 工单 in 列表 return 工单.编号", {"列表": [{"编号": 1}]}, [1]),
        ("{a+b: 1, c: a+b}.c", {}, 1),
        ('date and time("2026-03-02T09:00:00").hour', {}, 9),
        ("truex", {"truex": 1}, 1),
        ("in stock", {"in stock": True}, True),
    ],
)
def test_name(text: str, context: dict[str, Any], expected: Any) -> None:
    assert value(text, **context) == expected


def test_free_names_of_an_expression() -> None:
    text = "for x in orders return x.amount + rate * count(items[price > 5]) + {a: 1, b: a + other}.b"
    assert feel.expression(text).names == {"orders", "rate", "items", "other"}
