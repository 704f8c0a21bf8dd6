"""Evaluate expressions, run scripts and render templates over the variables of an instance."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from traceback import extract_tb
from typing import Any

from flask_babel import gettext as _

from app.engine.scripting.budget import budget
from app.engine.scripting.errors import LimitExceeded, ScriptError
from app.engine.scripting.functions import FUNCTIONS
from app.engine.scripting.guards import Guards
from app.engine.scripting.juel import template_to_python
from app.engine.scripting.plain import plain
from app.engine.scripting.policy import FILENAME, compile_expression, compile_script

Now = Callable[[], datetime]
Functions = Mapping[str, Callable[..., Any]]


def evaluate(
    expression: str, data: Mapping[str, Any], *, now: Now | None = None, functions: Functions | None = None
) -> Any:
    """The value of a Python expression over the variables: plain JSON, shared with nothing.

    `now` answers `now()`, `functions` are those of this place alone. The variables stay as
    they are. Raises `ScriptError`.
    """
    compiled = compile_expression(expression)
    names = {**_base(Guards(mutable=False), now), **data, **(functions or {})}
    return plain(_run(lambda: eval(compiled.code, names), expression))  # noqa: S307 - compiled by our policy


def render(
    template: str, data: Mapping[str, Any], *, now: Now | None = None, functions: Functions | None = None
) -> Any:
    """The value of a text of the dialect: `${x}` keeps its type, `a@${unit}` is text, others are themselves."""
    if "{" not in template:
        return template
    return evaluate(template_to_python(template), data, now=now, functions=functions)


def execute(script: str, data: dict[str, Any], *, now: Now | None = None) -> None:
    """Run a script and put the variables it leaves into `data`; nothing changes when it fails."""
    compiled = compile_script(script)
    base = _base(Guards(mutable=True), now)
    names = {**base, **deepcopy(data)}
    _run(lambda: exec(compiled.code, names), script)  # noqa: S102 - compiled by our policy
    kept = {
        key: value for key, value in names.items() if key != "__builtins__" and not (key in base and value is base[key])
    }
    result = plain(kept)
    data.clear()
    data.update(result)


def _base(guards: Guards, now: Now | None) -> dict[str, Any]:
    return {**FUNCTIONS, "now": now or _no_clock, **guards.names(), "__builtins__": {}}


def _no_clock() -> datetime:
    raise ScriptError(_("now() is not available here"))


def _run(work: Callable[[], Any], source: str) -> Any:
    try:
        with budget():
            return work()
    except ScriptError as exc:
        if exc.line:
            raise
        raise type(exc)(exc.reason, **_place(source)) from None
    except (RecursionError, MemoryError):
        raise LimitExceeded(_("the script needs too much memory"), **_place(source)) from None
    except NameError as exc:
        raise ScriptError(_("there is no variable %(name)s", name=exc.name), **_place(source)) from None
    except Exception as exc:
        detail = f"{type(exc).__name__}: {exc}" if str(exc) else type(exc).__name__
        raise ScriptError(detail, **_place(source)) from None


def _place(source: str) -> dict[str, Any]:
    """The line of the script the current exception came from."""
    lines = [frame.lineno or 0 for frame in extract_tb(sys.exc_info()[2]) if frame.filename == FILENAME]
    line = lines[-1] if lines else 0
    rows = source.splitlines()
    return {"line": line, "source": rows[line - 1] if 0 < line <= len(rows) else ""}
