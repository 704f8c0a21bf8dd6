"""What the audit trail calls acts on the answers library."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.identity import trail_titles


def register() -> None:
    """Name the acts this package records."""
    trail_titles.define(
        actions={
            "article.drafted": _l("Article written"),
            "article.submitted": _l("Article submitted for review"),
            "article.published": _l("Article published"),
            "article.returned": _l("Article returned to its author"),
            "article.withdrawn": _l("Article's changes withdrawn"),
            "article.extended": _l("Article extended"),
            "article.retired": _l("Article retired"),
            "knowledge.category": _l("Category of the library changed"),
        },
        subjects={"article": _l("Article"), "knowledge_category": _l("Category of the library")},
    )
