"""Tables of the answers library."""

from __future__ import annotations

from app.knowledge.models.article import Article, ArticleVersion
from app.knowledge.models.category import Category
from app.knowledge.models.terms import ArticleTerm
from app.knowledge.models.use import ArticleFeedback, ArticleUse

__all__ = ["Article", "ArticleFeedback", "ArticleTerm", "ArticleUse", "ArticleVersion", "Category"]
