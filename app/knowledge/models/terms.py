"""The inverted index of the library: which word weighs how much in which article."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ArticleTerm(Base):
    """`weight` is the article's part of the BM25F score of this term (`app.knowledge.ranking`).

    The key begins with the term, so that a query reads one range of the index per word.
    """

    __tablename__ = "knowledge_term"
    __table_args__ = (sa.Index("ix_knowledge_term_article", "article_id"),)

    term: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey("knowledge_article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    weight: Mapped[float]
