"""Words of the customers' code lists, for pages, checks, imports and rules."""

from __future__ import annotations

from app.customers.models import CustomerCode
from app.kernel.codes import CodeView, every_word, word, words

__all__ = ["CodeView", "all_codes", "code", "codes"]


def codes(kind: str, *, inactive: bool = False) -> list[CodeView]:
    """The words of one list in their order, those in use unless `inactive`."""
    return words(CustomerCode, kind, inactive=inactive)


def code(kind: str, name: str) -> CodeView | None:
    """One word, whether still in use or not; None where the list does not know it."""
    return word(CustomerCode, kind, name)


def all_codes() -> dict[tuple[str, str], CodeView]:
    """Every word by (kind, code), in the order of the lists: one look-up for batches and pages that show many."""
    return every_word(CustomerCode)
