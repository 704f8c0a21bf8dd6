"""How much one evaluation may do, counted in items walked; a script cannot run without end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_babel import gettext as _

from app.engine.scripting.errors import LimitExceeded

MAX_STEPS = 200_000

_CONTAINERS = (list, tuple, dict, set, frozenset)
_left: ContextVar[list[int] | None] = ContextVar("lightline_script_budget", default=None)


@contextmanager
def budget() -> Iterator[None]:
    """Give the evaluation inside its own budget."""
    token = _left.set([MAX_STEPS])
    try:
        yield
    finally:
        _left.reset(token)


def charge(steps: int) -> None:
    """Take steps from the budget; raises `LimitExceeded` when it is used up."""
    left = _left.get()
    if left is None:
        return
    left[0] -= steps
    if left[0] < 0:
        raise LimitExceeded(_("the script takes too many steps"))


def weigh(value: Any) -> None:
    """Charge what walking this value costs, before something walks it.

    A list may hold one list many times over, so that a small value takes ages to walk.
    """
    if not isinstance(value, _CONTAINERS):
        return
    waiting: list[Iterable[Any]] = [value]
    while waiting:
        current = waiting.pop()
        items = list(current.values()) if isinstance(current, Mapping) else list(current)
        charge(len(items) + 1)
        waiting.extend(item for item in items if isinstance(item, _CONTAINERS))
