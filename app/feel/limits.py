"""Bounds that keep hostile or mistaken texts from taking the process with them.

An evaluation has a budget of steps. Whatever may be repeated or grow (iterations, calls,
the size of texts and lists that a step produces, elements visited by a comparison) is
charged to it, so that the work done is bounded by a constant whatever the text says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.feel.errors import FeelError

MAX_TEXT = 20_000
"""Characters of one expression."""
MAX_NESTING = 40
"""Brackets, conditions and loops inside each other."""
MAX_CHAIN = 120
"""Operators of one kind in a row: `1 + 1 + 1 ...`."""
MAX_STEPS = 200_000
"""Steps of one evaluation."""
MAX_CALLS = 64
"""User-defined functions that call each other."""
REGEX_SECONDS = 0.2
"""Time for one match of a regular expression."""


@dataclass(slots=True)
class Budget:
    steps: int = MAX_STEPS
    calls: int = 0


_budget: ContextVar[Budget | None] = ContextVar("feel_budget", default=None)


@contextmanager
def bounded() -> Iterator[None]:
    """Give the evaluation inside a budget; an evaluation within another shares the outer one's."""
    if _budget.get() is not None:
        yield
        return
    token = _budget.set(Budget())
    try:
        yield
    except RecursionError:
        raise FeelError(_l("the expression nests too deeply")) from None
    finally:
        _budget.reset(token)


def charge(steps: int = 1) -> None:
    """Take steps from the budget; FeelError when it is spent. Without a budget nothing is counted."""
    budget = _budget.get()
    if budget is None:
        return
    budget.steps -= steps
    if budget.steps < 0:
        raise FeelError(_l("the expression takes too many steps"))


@contextmanager
def calling() -> Iterator[None]:
    """Count a user-defined function's call: recursion without end is refused."""
    budget = _budget.get() or Budget()
    charge()
    budget.calls += 1
    if budget.calls > MAX_CALLS:
        raise FeelError(_l("functions call each other too deeply"))
    try:
        yield
    finally:
        budget.calls -= 1
