"""Texts and numbers as people read them: money with two places, quantities without idle zeros."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext


def _(msgid: str, **values: Any) -> str:
    """The text in the reader's language."""
    return str(gettext(msgid, **values))


def money(value: Decimal | str | None) -> str:
    """Yuan with two places and thousands apart: `1,234.50`."""
    return "" if value is None else f"{Decimal(value):,.2f}"


def plain(value: Decimal | str | None) -> str:
    """A number without idle zeros: `3100`, `0.52`."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed_percent(value: Decimal | str) -> str:
    """A percentage with its sign: `+2.5 %`."""
    return f"{Decimal(value):+f} %"
