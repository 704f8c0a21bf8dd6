"""Which differences count, and which are only words or drawing."""

from __future__ import annotations

import pytest

from app.engine import api
from tests.engine.diagrams import catch, diagram, line, message, on_message, script, user
from tests.engine.migration.mover import Mover


def found(
    drive: Mover, first: bytes, second: bytes, mapping: dict[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    drive.deploy(p=first)
    drive.deploy(p=second)
    return {one.element_id: one.changes for one in api.differences("p", source=1, target=2, mapping=mapping)}


def test_added_removed_and_led_elsewhere(drive: Mover) -> None:
    first = diagram(line(user("a"), user("b"), ids=("a", "b")))
    second = diagram(line(user("a"), user("c"), ids=("a", "c")))
    assert found(drive, first, second) == {"a": ("flows",), "b": ("removed",), "c": ("added",), "e": ("flows",)}


def test_a_mapped_element_is_the_same_under_another_name(drive: Mover) -> None:
    first = diagram(line(user("a"), user("b"), ids=("a", "b")))
    second = diagram(line(user("a"), user("c"), ids=("a", "c")))
    assert found(drive, first, second, {"b": "c"}) == {}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (user("a", name="旧"), user("a", name="新"), ("name",)),
        (user("a", camunda_candidateGroups="x@u"), user("a", camunda_candidateGroups="y@u"), ("behaviour",)),
        (script("a", "x = 1"), script("a", "x = 2"), ("behaviour",)),
        (user("a"), user("a", "<bpmn:documentation>why</bpmn:documentation>", name=""), None),
    ],
)
def test_what_an_element_says_of_itself(drive: Mover, before: str, after: str, changes: tuple[str, ...] | None) -> None:
    same = found(drive, diagram(line(before, ids=("a",))), diagram(line(after, ids=("a",))))
    assert same.get("a") == changes


def test_a_message_counts_by_its_name_not_by_its_id(drive: Mover) -> None:
    first = diagram(line(catch("w", on_message("m1")), ids=("w",)), before=message("m1", "paid"))
    second = diagram(line(catch("w", on_message("m2")), ids=("w",)), before=message("m2", "paid"))
    assert found(drive, first, second) == {}
