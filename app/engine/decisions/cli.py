"""`flask dmn eval`: evaluate a decision of a file, once or for each line of input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.engine.decisions.errors import InvalidModel
from app.engine.decisions.evaluation import Decided, evaluate
from app.engine.decisions.model import Model
from app.engine.decisions.reading import read
from app.kernel import clock
from app.kernel.errors import LightlineError

dmn = AppGroup("dmn", help="Decision models.")


@dmn.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", required=True, help="Id (or name) of the decision or decision service.")
@click.option("--input", "given", required=True, help="A JSON object of input data by name, or - for one a line.")
@click.option("--json", "_as_json", is_flag=True, help="The answer is JSON in any case.")
def evaluate_file(file: Path, decision: str, given: str, _as_json: bool) -> None:
    """Evaluate a decision of a DMN file: {"result": …, "rules": […]} or {"error": …}, a line each."""
    try:
        model = read(file.read_bytes())
    except InvalidModel as error:
        for fault in error.faults:
            click.echo(f"{file}:{fault.place.element}: {fault}", err=True)
        _print({"error": str(error)})
        raise SystemExit(1) from None
    if given != "-":
        raise SystemExit(0 if _answer(model, decision, given.encode(errors="surrogatepass")) else 1)
    for line in sys.stdin.buffer:  # bytes: a line that is no UTF-8 is a wrong line, not the end
        if line.strip():
            _answer(model, decision, line)
    # an error is the answer to its line; the stream itself went well


def _answer(model: Model, decision: str, line: bytes) -> bool:
    """Evaluate one line and print its answer at once; returns whether it is a result."""
    answer = _evaluated(model, decision, line)
    try:
        text = orjson.dumps(answer)
    except (TypeError, ValueError) as error:  # a result that JSON cannot carry
        answer = {"error": _("The result is no JSON: %(detail)s", detail=error)}
        text = orjson.dumps(answer)
    click.echo(text)
    return "error" not in answer


def _evaluated(model: Model, decision: str, line: bytes) -> dict[str, Any]:
    try:
        inputs = orjson.loads(line)
        if not isinstance(inputs, Mapping):
            return {"error": _("The input is no JSON object.")}
        return _written(evaluate(model, decision, inputs, now=clock.now()))
    except orjson.JSONDecodeError as error:
        return {"error": _("The input is no JSON: %(detail)s", detail=error)}
    except LightlineError as error:
        return {"error": str(error)}
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        # one odd line must not end the stream: the others still want their answers
        return {"error": _("The input cannot be evaluated: %(detail)s", detail=f"{type(error).__name__}: {error}")}


def _written(decided: Decided) -> dict[str, Any]:
    return {"result": decided.result, "rules": [asdict(rule) for rule in decided.rules]}


def _print(answer: dict[str, Any]) -> None:
    click.echo(orjson.dumps(answer).decode())
