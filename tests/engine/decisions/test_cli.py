"""`flask dmn eval`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.decisions.models import decision, literal, model, table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "limits.dmn"
    path.write_bytes(model(decision("d", table(["x"], ["y"], [["> 5", '"大"'], ["<= 5", '"小"']])), inputs={"x": ""}))
    return path


def test_one_input(app: Flask, file: Path) -> None:
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", "d", "--input", '{"x": 9}'])
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["result"] == "大"
    assert answer["rules"] == [{"decision": "d", "table": "t", "rule": "t_r1", "index": 1}]


def test_lines(app: Flask, file: Path) -> None:
    lines = '{"x": 9}\n\n{"x": 1}\nnonsense\n[1]\n{"x": null}\n'
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", "d", "--input", "-"], input=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("result") for answer in answers] == ["大", "小", None, None, None]
    assert ["error" in answer for answer in answers] == [False, False, True, True, False]


@pytest.mark.parametrize(("decision_id", "given"), [("nobody", "{}"), ("d", "{")])
def test_what_cannot_be_answered(app: Flask, file: Path, decision_id: str, given: str) -> None:
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", decision_id, "--input", given])
    assert done.exit_code == 1
    assert "error" in json.loads(done.stdout)


def test_a_faulty_file_is_named_on_standard_error(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.dmn"
    path.write_bytes(model(decision("d", table(["x"], ["y"], [["> ", "1"]]))))
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(path), "--decision", "d", "--input", "{}"])
    assert done.exit_code == 1
    assert f"{path}:t_r1:" in done.stderr
    assert "error" in json.loads(done.stdout)


ODD = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: json.dumps({"x": value, "\0": value}).encode()),
    st.sampled_from(
        [
            b'{"x": 1e400}',
            b'{"x": -1e-400}',
            b'{"x": ' + b"9" * 5000 + b"}",
            b'{"x": 0.' + b"1" * 5000 + b"}",
            b'{"x": "\\u0000"}',
            b'{"x": "\\ud800"}',
            b'{"x": ' + b"[" * 900 + b"]" * 900 + b"}",
            b'{"x": ' + b"[" * 100_000,
            b'{"x": NaN}',
            b'{"x": 1, "x": 2}',
            b"{" * 2000,
            b"\xff\xfe",
            b"\xef\xbb\xbf{}",
            b"\0",
        ]
    ),
)


@given(lines=st.lists(ODD, min_size=1, max_size=12), decision_id=st.sampled_from(["d", "e", "nobody", ""]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_has_its_answer(app: Flask, odd_file: Path, lines: list[bytes], decision_id: str) -> None:
    lines = [b" ".join(line.split(b"\n")) for line in lines]
    given = b"\n".join(lines)
    command = ["dmn", "eval", str(odd_file), "--decision", decision_id, "--input", "-"]
    done = app.test_cli_runner().invoke(args=command, input=given)
    assert done.exit_code == 0, done.exception
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == sum(bool(line.strip()) for line in lines)
    assert all(("result" in answer) != ("error" in answer) for answer in answers)


@pytest.fixture
def odd_file(tmp_path: Path) -> Path:
    """A table of comparisons, and an expression that computes with whatever it is given."""
    compares = decision("d", table(["x"], ["y"], [["> 5", '"大"'], ["<= 5", '"小"']]), uses=["i_x"])
    computes = decision("e", literal("[x * x, string(x), count(x), x ** 99]"), uses=["i_x"])
    path = tmp_path / "odd.dmn"
    path.write_bytes(model(compares, computes, inputs={"x": ""}))
    return path
