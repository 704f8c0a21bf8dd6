"""`flask knowledge`: the standard categories, the search index."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.kernel import db
from app.kernel.db import session
from app.knowledge import search
from app.knowledge.models import Article, ArticleVersion
from app.knowledge.operations import sync_categories

group = AppGroup("knowledge", help="The answers library: categories, search index.")


@group.command("sync")
def sync() -> None:
    """Add the standard categories that are not there yet."""
    click.echo(f"categories: {db.run(sync_categories)} added")


@group.command("reindex")
def reindex() -> None:
    """Build the search index anew, after `ranking.yaml` was changed."""
    click.echo(f"articles: {db.run(rebuild)} indexed")


def rebuild() -> int:
    """Index every article in force; returns how many."""
    query = sa.select(ArticleVersion).join(Article, Article.current_id == ArticleVersion.id)
    versions = list(session.scalars(query.where(Article.state == "published")))
    for version in versions:
        search.put(version)
    return len(versions)
