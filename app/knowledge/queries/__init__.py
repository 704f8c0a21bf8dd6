"""Reading the library: search, one article, categories, use."""

from __future__ import annotations

from app.knowledge.queries.articles import ArticleView, VersionView, article_view, versions_of
from app.knowledge.queries.categories import CategoryView, categories
from app.knowledge.queries.feedback import FeedbackView, open_feedback
from app.knowledge.queries.listing import Filters, Page, Row, list_articles
from app.knowledge.queries.search import Hit, search
from app.knowledge.queries.use import Usage, usage

__all__ = [
    "ArticleView",
    "CategoryView",
    "FeedbackView",
    "Filters",
    "Hit",
    "Page",
    "Row",
    "Usage",
    "VersionView",
    "article_view",
    "categories",
    "list_articles",
    "open_feedback",
    "search",
    "usage",
    "versions_of",
]
