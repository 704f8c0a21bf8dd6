"""Words of the code lists, for pages, forms and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import OrderCode


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
    query = sa.select(OrderCode).where(OrderCode.kind == kind).order_by(OrderCode.position, OrderCode.id)
    if not inactive:
        query = query.where(OrderCode.active)
    return [_view(row) for row in session.scalars(query)]


def code(kind: str, word: str) -> CodeView | None:
    """One word, whether still in use or not; None where the list does not know it."""
    row = session.scalar(sa.select(OrderCode).where(OrderCode.kind == kind, OrderCode.code == word))
    return _view(row) if row else None


def all_names() -> dict[tuple[str, str], CodeView]:
    """Every word by (kind, code), for pages that show many."""
    return {(row.kind, row.code): _view(row) for row in session.scalars(sa.select(OrderCode))}


def _view(row: OrderCode) -> CodeView:
    return CodeView(row.kind, row.code, row.name, row.name_en, dict(row.facts))
