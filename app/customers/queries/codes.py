"""Words of the customers' code lists, for pages, checks, imports and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.customers.models import CustomerCode
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class CodeView:
    """A word of a list: `name` Chinese, `name_en` English, `facts` for rules."""

    kind: str
    code: str
    name: str
    name_en: str
    facts: Mapping[str, Any]


def codes(kind: str, *, inactive: bool = False) -> list[CodeView]:
    """The words of one list in their order, those in use unless `inactive`."""
    query = sa.select(CustomerCode).where(CustomerCode.kind == kind).order_by(CustomerCode.position, CustomerCode.id)
    if not inactive:
        query = query.where(CustomerCode.active)
    return [_view(row) for row in session.scalars(query)]


def code(kind: str, word: str) -> CodeView | None:
    """One word, whether still in use or not; None where the list does not know it."""
    row = session.scalar(sa.select(CustomerCode).where(CustomerCode.kind == kind, CustomerCode.code == word))
    return _view(row) if row else None


def all_codes() -> dict[tuple[str, str], CodeView]:
    """Every word by (kind, code), in the order of the lists: one look-up for batches and pages that show many."""
    rows = session.scalars(sa.select(CustomerCode).order_by(CustomerCode.kind, CustomerCode.position))
    return {(row.kind, row.code): _view(row) for row in rows}


def _view(row: CustomerCode) -> CodeView:
    return CodeView(row.kind, row.code, row.name, row.name_en, dict(row.facts))
