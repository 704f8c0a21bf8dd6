"""How long a limit is, in words."""

from __future__ import annotations

from flask_babel import gettext as _


def amount_label(amount: float, unit: str) -> str:
    """`45 min`, `3 h`, `5 working days`; `unit` is one of min, h, wd, day."""
    number = f"{amount:g}"
    words = {
        "min": lambda: _("%(n)s min", n=number),
        "h": lambda: _("%(n)s h", n=number),
        "wd": lambda: _("%(n)s working days", n=number),
        "day": lambda: _("%(n)s days", n=number),
    }
    return str(words[unit]()) if unit in words else f"{number} {unit}"
