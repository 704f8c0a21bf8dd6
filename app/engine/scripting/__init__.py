"""Expressions, scripts and templates of diagrams, in a sandbox that denies by default.

Invariants: what leaves is plain JSON and shared with nothing; no text, however hostile,
reaches an attribute that is not on a short list, runs without end or makes a huge value.
"""

from __future__ import annotations

from app.engine.scripting.errors import LimitExceeded, ScriptError
from app.engine.scripting.juel import is_template, template_to_python
from app.engine.scripting.plain import plain
from app.engine.scripting.policy import compile_expression, compile_script
from app.engine.scripting.run import evaluate, execute, render

__all__ = [
    "LimitExceeded",
    "ScriptError",
    "compile_expression",
    "compile_script",
    "evaluate",
    "execute",
    "is_template",
    "plain",
    "render",
    "template_to_python",
]
