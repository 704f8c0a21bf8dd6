"""What goes wrong in an expression or script, with the line an author can look at."""

from __future__ import annotations

from flask_babel import gettext as _


class ScriptError(Exception):
    """An expression or script that does not compile, is not allowed, or failed on this data.

    `line` counts from 1 (0 where it is not known), `source` is that line's text.
    """

    def __init__(self, message: str, *, line: int = 0, source: str = "") -> None:
        self.reason = message
        self.line = line
        self.source = source
        place = _("line %(line)s: ", line=line) if line else ""
        text = f" ({source.strip()})" if source.strip() else ""
        super().__init__(f"{place}{message}{text}")


class LimitExceeded(ScriptError):
    """A script used more steps, or made a larger value, than one step of a diagram may."""
