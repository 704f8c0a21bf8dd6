"""Branches that meet keep what each of them changed; loops do not mix their rounds."""

from __future__ import annotations

from tests.engine.diagrams import chain, diagram, end, flow, gateway, script, start, user
from tests.engine.harness import Flow


def fork(*branches: str) -> bytes:
    ids = ["a", "b"]
    return diagram(
        start(),
        gateway("split", "parallel"),
        *branches,
        gateway("join", "parallel"),
        user("after"),
        end(),
        chain("s", "split"),
        *(chain("split", name, "join") for name in ids),
        chain("join", "after", "e"),
    )


def test_a_change_survives_the_old_value_of_the_branch_that_ends_last() -> None:
    flow_ = Flow(fork(user("a"), user("b")), {"x": 1, "items": [1, 2, 3], "gone": 1})
    task = next(task for task in flow_.ready() if task.task_spec.bpmn_id == "a")
    task.data["items"] = [3]
    del task.data["gone"]
    flow_.complete("a", x=2).complete("b", y=5)
    (after,) = flow_.ready()
    assert after.data == {"x": 2, "items": [3], "y": 5}


def test_of_two_changes_the_later_counts() -> None:
    flow_ = Flow(fork(user("a"), user("b")), {"x": 1})
    flow_.complete("b", x="b").complete("a", x="a")
    assert flow_.ready()[0].data == {"x": "a"}


def test_nested_values_are_not_shared_after_a_join() -> None:
    flow_ = Flow(fork(user("a"), user("b")), {"o": {"k": {"deep": 1}}})
    flow_.complete("a", o={"k": {"deep": 2}}).complete("b")
    flow_.ready()[0].data["o"]["k"]["deep"] = 99
    assert all(
        task.data.get("o", {}).get("k", {}).get("deep") != 99
        for task in flow_.tasks()
        if task.task_spec.name in {"a", "b"}
    )


def test_a_script_in_one_branch_leaves_the_other_alone() -> None:
    flow_ = Flow(fork(script("a", 'o["k"] = 2'), user("b")), {"o": {"k": 1}})
    assert flow_.ready()[0].data == {"o": {"k": 1}}
    flow_.complete("b")
    assert flow_.ready()[0].data == {"o": {"k": 2}}


def test_the_end_of_a_process_joins_like_a_gateway() -> None:
    content = diagram(
        start(), gateway("split", "parallel"), user("a"), user("b"), end("e1"), end("e2"),
        chain("s", "split", "a", "e1"), chain("split", "b", "e2"),
    )  # fmt: skip
    flow_ = Flow(content, {"x": 1}).complete("a", x=2).complete("b", y=1)
    assert flow_.data == {"x": 2, "y": 1}


def test_ten_parallel_blocks_in_sequence_do_not_explode() -> None:
    parts, previous = [], "s"
    for index in range(10):
        split, join = f"split{index}", f"join{index}"
        names = [f"u{index}a", f"u{index}b"]
        parts += [gateway(split, "parallel"), gateway(join, "parallel"), *map(user, names), chain(previous, split)]
        parts += [chain(split, name, join) for name in names]
        previous = join
    flow_ = Flow(diagram(start(), end(), *parts, chain(previous, "e")))
    assert len(flow_.tasks()) < 20
    while not flow_.ended:
        flow_.complete(flow_.open[0])
    assert len([name for name in flow_.done if name.startswith("u")]) == 20


def loop() -> bytes:
    """split -> a, b -> join -> again -> (back to split | end)"""
    return diagram(
        start(), gateway("in"), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"),
        user("again"), gateway("choice", default="f_choice_e"), end(),
        chain("s", "in", "split", "a", "join", "again", "choice", "e"), chain("split", "b", "join"),
        flow("choice", "in", "${more}"),
    )  # fmt: skip


def test_a_join_in_a_loop_waits_for_all_branches_in_every_round() -> None:
    flow_ = Flow(loop(), {"more": False})
    for round_ in range(3):
        flow_.complete("a", **{f"a{round_}": round_})
        assert flow_.open == ["b"], f"round {round_}"
        flow_.complete("b")
        assert flow_.open == ["again"]
        flow_.complete("again", more=round_ < 2)
    assert flow_.data == {"more": False, "a0": 0, "a1": 1, "a2": 2}


def test_an_earlier_round_does_not_bring_back_its_values() -> None:
    flow_ = Flow(loop(), {"more": False, "x": 0})
    flow_.complete("a", x="first").complete("b").complete("again", more=True, x="reset")
    flow_.complete("a").complete("b")
    assert flow_.ready()[0].data["x"] == "reset"


def test_inclusive_gateways_join_what_was_started() -> None:
    content = diagram(
        start(), gateway("g", "inclusive", default="f_g_c"), user("a"), user("b"), user("c"),
        gateway("j", "inclusive"), user("after"), end(), chain("s", "g"), flow("g", "a", "${x > 0}"),
        flow("g", "b", "${x > 1}"), flow("g", "c"), chain("a", "j"), chain("b", "j"), chain("c", "j", "after", "e"),
    )  # fmt: skip
    flow_ = Flow(content, {"x": 2, "list": [1, 2]})
    assert flow_.open == ["a", "b"]
    flow_.complete("a", list=[2])
    assert flow_.open == ["b"]
    flow_.complete("b", y=1)
    assert flow_.ready()[0].data == {"x": 2, "list": [2], "y": 1}
    assert Flow(content, {"x": 0}).open == ["c"]


def test_a_join_works_deep_in_a_long_loop() -> None:
    content = diagram(
        start(), gateway("in"), gateway("split", "parallel"), script("a", "n = n + 1"), script("b", "m = 1"),
        gateway("join", "parallel"), gateway("choice", default="f_choice_e"), end(),
        chain("s", "in", "split", "a", "join", "choice", "e"), chain("split", "b", "join"),
        flow("choice", "in", "${n < 60}"),
    )  # fmt: skip
    assert Flow(content, {"n": 0}).data == {"n": 60, "m": 1}
