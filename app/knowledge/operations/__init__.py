"""Changing the library: words, publication, categories, use, feedback."""

from __future__ import annotations

from app.knowledge.operations.categories import save_category, sync_categories
from app.knowledge.operations.drafting import ArticleData, ArticleNotFound, save_draft
from app.knowledge.operations.feedback import answer_feedback, give_feedback
from app.knowledge.operations.publication import retire, submit
from app.knowledge.operations.use import note_use

__all__ = [
    "ArticleData",
    "ArticleNotFound",
    "answer_feedback",
    "give_feedback",
    "note_use",
    "retire",
    "save_category",
    "save_draft",
    "submit",
    "sync_categories",
]
