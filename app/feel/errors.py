"""The one error of FEEL: a text that cannot be parsed, or an evaluation that passed a bound.

Operations that make no sense (adding a number to a date) are no errors: FEEL answers null.
"""

from __future__ import annotations


class FeelError(ValueError):
    """What is wrong with a FEEL text; `position` counts characters from 0, `line` and `column` from 1."""

    def __init__(self, message: str, *, text: str = "", position: int = 0) -> None:
        before = text[:position]
        self.message = message
        self.text = text
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        where = f" (line {self.line}, column {self.column})" if text else ""
        super().__init__(f"{message}{where}")
