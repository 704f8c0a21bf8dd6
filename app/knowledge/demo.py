"""Demo articles: published by the real operations, so that the library has something to find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.kernel import clock, db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.knowledge.models import Article
from app.knowledge.operations import ArticleData, publication, save_draft, sync_categories
from app.knowledge.operations.drafting import find_article, newest

DEMO = Path(__file__).with_name("demo.yaml")
BEGAN = timedelta(days=60)


def load() -> int:
    """Publish the articles of `demo.yaml` where the library is empty; returns how many."""
    db.run(sync_categories)
    if session.scalar(sa.select(Article.id).limit(1)) is not None:
        session.rollback()
        return 0
    session.rollback()
    entries: list[Mapping[str, Any]] = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["articles"]
    today = clock.now().astimezone(LOCAL).date()
    db.run(lambda: _publish_all(entries, today - BEGAN))
    return len(entries)


def _publish_all(entries: list[Mapping[str, Any]], since: date) -> None:
    for rank, entry in enumerate(entries):
        _publish(entry, since, rank)


def _publish(entry: Mapping[str, Any], since: date, rank: int) -> None:
    now = clock.now() - BEGAN + timedelta(hours=rank)
    fields = {name: value for name, value in entry.items() if name not in {"ends_in", "uses"}}
    ends = since + BEGAN + timedelta(days=entry["ends_in"]) if "ends_in" in entry else None
    data = ArticleData(unit=fields.pop("unit", "GM"), valid_from=since, valid_until=ends, **fields)
    number = save_draft(data, actor=SYSTEM, now=now)
    article = find_article(number)
    version = newest(article.id)
    if version is None:
        raise LookupError(number)
    publication.publish(version.id, note="", reviewer="editor", actor=SYSTEM, now=now)
    article.uses = entry.get("uses", 0)
