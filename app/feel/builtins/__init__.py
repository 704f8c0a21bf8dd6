"""The built-in functions, a file for each kind (DMN 1.3, 10.3.4; those of 1.4 and 1.5 too).

`BUILTINS` maps the name to the function; a file adds its own through `signature.builtin`.
"""

from __future__ import annotations

from app.feel.builtins import (
    aggregates,
    contexts,
    conversion,
    dates,
    intervals,
    lists,
    logic,
    numbers,
    range_text,
    strings,
)
from app.feel.builtins.signature import BUILTINS

__all__ = ["BUILTINS"]

_FILES = (aggregates, contexts, conversion, dates, intervals, lists, logic, numbers, range_text, strings)
