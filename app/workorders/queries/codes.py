"""Words of the code lists, for pages, forms and rules."""

from __future__ import annotations

from app.kernel.codes import CodeView, every_word, word, words
from app.workorders.models import OrderCode

__all__ = ["CodeView", "all_names", "code", "codes"]


def codes(kind: str, *, inactive: bool = False) -> list[CodeView]:
    """The words of one list in their order, those in use unless `inactive`."""
    return words(OrderCode, kind, inactive=inactive)


def code(kind: str, name: str) -> CodeView | None:
    """One word, whether still in use or not; None where the list does not know it."""
    return word(OrderCode, kind, name)


def all_names() -> dict[tuple[str, str], CodeView]:
    """Every word by (kind, code), for pages that show many."""
    return every_word(OrderCode)
