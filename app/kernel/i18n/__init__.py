"""Two languages: Chinese first, English by a switch.

`locale` says which language is in force, `catalogues` finds and compiles each package's
`translations/`, `formats` writes instants and durations for people, `cli` is `flask i18n`.
"""

from __future__ import annotations

from app.kernel.i18n.formats import format_date, format_duration, format_when
from app.kernel.i18n.locale import LOCALES, current_locale, in_locale, localized, set_user_locale

__all__ = [
    "LOCALES",
    "current_locale",
    "format_date",
    "format_duration",
    "format_when",
    "in_locale",
    "localized",
    "set_user_locale",
]
