"""The state: what comes back is what was there, old formats are read, growth is bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import api
from app.engine.runtime.state import StateTooLarge, peek
from app.engine.runtime.state.migrations import FORMAT, UnknownFormat, migrate
from app.engine.runtime.state.tasks import changed
from app.kernel import db
from app.kernel.db import session
from tests.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    flow,
    gateway,
    multi_instance,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.runtime.driving import Driver

SAMPLES = Path(__file__).parent / "samples"

INNER = chain("s1", "right", "note", "e1")
ROUND = diagram(
    start(),
    gateway("again"),
    gateway("split", "parallel"),
    user("left"),
    subprocess("inner", start("s1"), user("right"), script("note", "seen = seen + [n]"), end("e1"), INNER),
    gateway("join", "parallel"),
    script("count", "n = n + 1"),
    gateway("more", default="f_more_each"),
    user("each", multi_instance("${items}", "item")),
    end(),
    chain("s", "again", "split", "left", "join", "count", "more", "each", "e"),
    chain("split", "inner", "join"),
    flow("more", "again", "${n < 3}"),
)

SAMPLE = diagram(
    start(),
    subprocess("sub", start("s1"), user("a"), end("e1"), chain("s1", "a", "e1")),
    boundary("late", "sub", timer("PT1H"), interrupting=False),
    user("b"),
    end(),
    end("e2"),
    chain("s", "sub", "b", "e"),
    chain("late", "e2"),
)

ORDER = ["left", "right", "right", "left", "left", "right", "each", "each"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["typename", "a", "$t", "值"]), inner),
    max_leaves=12,
)  # fmt: skip


def test_saving_and_restoring_at_each_step_ends_as_a_straight_run(drive: Driver) -> None:
    drive.deploy(p=ROUND)
    data: dict[str, Any] = {"n": 0, "seen": [], "items": [{"typename": "x"}, {"typename": "y"}]}
    instance = drive.start(data=data)
    for number, name in enumerate(ORDER):
        drive.complete(instance.id, name, **{f"{name}_{number}": number})
    assert drive.status(instance.id) == "completed"
    kept = api.variables(instance.id)
    assert (kept["n"], kept["seen"], kept["items"]) == (3, [0, 1, 2], data["items"])
    assert {name for name in kept if "_" in name} == {f"{name}_{number}" for number, name in enumerate(ORDER)}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from(["a", "b", "typename", "名"]), anything, max_size=3))
def test_any_plain_data_comes_back_as_it_was(drive: Driver, values: dict[str, Any]) -> None:
    if not api.list_instances(limit=1):
        drive.deploy(p=diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e")))
    instance = drive.start(data={"first": values})
    drive.complete(instance.id, "a", second=values)
    assert api.task_data(drive.task(instance.id, "b").id) == {"first": values, "second": values}


@pytest.mark.parametrize("version", range(1, FORMAT + 1))
def test_a_frozen_sample_of_each_format_is_still_read(drive: Driver, version: int) -> None:
    """Each was written on `SAMPLE` by the program of its time; `DEFINITION` stands for the definition's id."""
    blob = (SAMPLES / f"format_{version}.json").read_bytes()
    (token,) = peek(blob).tasks
    drive.deploy(p=SAMPLE)
    instance = drive.start(data={"order": 5, "name": "张三"})
    db.run(lambda: _replace_state(instance.id, blob.replace(b"DEFINITION", instance.definition_id.encode()), token))
    assert api.variables(instance.id) == {"order": 5, "name": "张三", "nested": {"typename": [1, None]}}
    assert drive.complete(instance.id, "a").next_tasks[0].element_id == "b"
    assert drive.complete(instance.id, "b").instance.status == "completed"


def test_a_format_nobody_knows_is_refused() -> None:
    for version in (FORMAT + 1, None, "1"):
        with pytest.raises(UnknownFormat):
            migrate({"v": version})


def test_a_case_that_grows_without_bound_is_refused_and_unharmed(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.deploy(p=diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e")))
    instance = drive.start()
    monkeypatch.setattr("app.engine.runtime.state.blob.MAX_BYTES", 5000)
    with pytest.raises(StateTooLarge):
        drive.complete(instance.id, "a", text="x" * 6000)
    assert drive.tasks(instance.id) == ["a"]


def test_the_state_is_plain_json_without_the_diagram(drive: Driver) -> None:
    drive.deploy(p=ROUND)
    instance = drive.start(data={"n": 0, "seen": [], "items": []})
    blob = _blob(instance.id)
    assert json.loads(blob)["v"] == FORMAT
    assert b"seen + [n]" not in blob
    assert len(blob) < 8000


def test_ten_parallel_blocks_do_not_explode(drive: Driver) -> None:
    parts, ids = [start()], ["s"]
    for number in range(10):
        parts += [gateway(f"f{number}", "parallel"), user(f"a{number}"), user(f"b{number}")]
        parts += [gateway(f"j{number}", "parallel"), chain(f"f{number}", f"b{number}", f"j{number}")]
        ids += [f"f{number}", f"a{number}", f"j{number}"]
    drive.deploy(p=diagram(*parts, end(), chain(*ids, "e")))
    instance = drive.start()
    assert len(orjson.loads(_blob(instance.id))["wf"]["tasks"]) < 20
    for number in range(10):
        drive.complete(instance.id, f"a{number}")
        drive.complete(instance.id, f"b{number}")
    assert drive.status(instance.id) == "completed"


def test_one_and_true_are_not_the_same_change() -> None:
    assert changed({"a": 1, "b": 0}, {"a": True, "b": 0}) == {"a": True}


def _blob(instance_id: str) -> bytes:
    session.rollback()
    row = session.get(api.Instance, instance_id)
    assert row is not None
    return row.state


def _replace_state(instance_id: str, blob: bytes, token: str) -> None:
    row = session.get(api.Instance, instance_id)
    (task,) = session.scalars(sa.select(api.Task).where(api.Task.instance_id == instance_id))
    assert row is not None
    row.state, task.token = blob, token
