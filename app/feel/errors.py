"""The one error of FEEL: a text that cannot be parsed, or an evaluation that passed a bound.

Operations that make no sense (adding a number to a date) are no errors: FEEL answers null.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


class FeelError(ValueError):
    """What is wrong with a FEEL text; `position` counts characters from 0, `line` and `column` from 1."""

    def __init__(self, message: Any, *, text: str = "", position: int = 0) -> None:
        before = text[:position]
        self.message = message
        self.text = text
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        super().__init__(message, text, position)

    def __str__(self) -> str:
        """In the reader's language, with the place."""
        if not self.text:
            return str(self.message)
        place = _l("line %(line)s, column %(column)s", line=self.line, column=self.column)
        return f"{self.message} ({place})"
