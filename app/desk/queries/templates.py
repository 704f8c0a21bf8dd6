"""Reply templates an agent may use: their own and those shared in their units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.desk.models import ReplyTemplate
from app.identity import queries as people
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template; `own` is one of the reader's."""

    id: int
    business: str
    title: str
    text: str
    text_en: str
    own: bool


def templates_for(agent_id: int, *, paths: Sequence[str], business: str = "") -> list[TemplateView]:
    """The agent's own templates first, then the shared ones; those of a business and those of every business."""
    above = {"/", *(prefix for path in paths for prefix in people.prefixes(path))}
    shared = sa.and_(ReplyTemplate.owner_id.is_(None), ReplyTemplate.unit_path.in_(above))
    query = sa.select(ReplyTemplate).where(sa.or_(ReplyTemplate.owner_id == agent_id, shared))
    if business:
        query = query.where(ReplyTemplate.business.in_((business, "")))
    query = query.order_by(
        ReplyTemplate.owner_id.is_(None), ReplyTemplate.business == "", ReplyTemplate.position, ReplyTemplate.id
    )
    return [
        TemplateView(row.id, row.business, row.title, row.text, row.text_en, row.owner_id is not None)
        for row in session.scalars(query.limit(200))
    ]


def fill(text: str, **values: str) -> str:
    """The template's words with its placeholders filled; one without a value is left for the agent to see."""
    for name, value in values.items():
        if value:
            text = text.replace("{" + name + "}", value)
    return text
