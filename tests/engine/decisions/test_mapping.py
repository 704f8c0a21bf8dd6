"""camunda:mapDecisionResult."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.decisions.mapping import UnfitResult, map_result


@pytest.mark.parametrize(
    ("mapping", "result", "mapped"),
    [
        ("", {"a": 1}, {"a": 1}),
        ("singleEntry", 5, 5),
        ("singleEntry", {"a": 5}, 5),
        ("singleEntry", [5], 5),
        ("singleEntry", None, None),
        ("singleEntry", [], None),
        ("singleResult", {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ("singleResult", [{"a": 1}], {"a": 1}),
        ("singleResult", None, None),
        ("collectEntries", [1, 2], [1, 2]),
        ("collectEntries", [{"a": 1}, {"a": 2}], [1, 2]),
        ("collectEntries", None, []),
        ("resultList", [{"a": 1}], [{"a": 1}]),
        ("resultList", {"a": 1}, [{"a": 1}]),
        ("resultList", None, []),
    ],
)
def test_mapping(mapping: str, result: Any, mapped: Any) -> None:
    assert map_result(result, mapping) == mapped


@pytest.mark.parametrize(
    ("mapping", "result"),
    [("singleEntry", [1, 2]), ("singleEntry", {"a": 1, "b": 2}), ("singleResult", [1, 2]), ("other", 1),
     ("collectEntries", [{"a": 1, "b": 2}])],
)  # fmt: skip
def test_results_that_do_not_fit(mapping: str, result: Any) -> None:
    with pytest.raises(UnfitResult):
        map_result(result, mapping)
