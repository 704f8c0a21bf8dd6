"""The answers library with 20,000 articles: how long a question takes, against one that asks a library of 200.

The texts are made of the demo articles' own sentences, mixed, so that words are as common
and as rare as in a real library; the questions are those that customers ask of the demo articles.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.kernel.db import run, session
from app.knowledge import ranking
from app.knowledge.models import Article, ArticleTerm, ArticleVersion, Category
from app.knowledge.operations import sync_categories
from app.knowledge.queries import search
from tests.bench.house import NOW, house
from tests.bench.measure import seconds, tell

FEW = 200
DEMO = Path(__file__).parents[2] / "app" / "knowledge" / "demo.yaml"
FIELDS = ("title", "answer", "questions", "keywords", "body")


def measure(many: int) -> None:
    """Print the CPU milliseconds of the dearest of the demo's questions with `many` articles against `FEW`."""
    few, large = _asked(FEW), _asked(many)
    tell("knowledge.search", large * 1e3, "ms", against=few * 1e3)


def _asked(count: int) -> float:
    entries: list[dict[str, Any]] = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["articles"]
    questions = [question for entry in entries for question in entry["questions"]]
    with house():
        run(lambda: _fill(count, entries))
        session.execute(sa.text("ANALYZE"))
        session.commit()
        return max(_one(question) for question in questions[::7])


def _one(question: str) -> float:
    return seconds(
        lambda _: search(question, paths=["/"], day=NOW.date(), business="inquiry"), session.remove, batches=3, calls=5
    )


def _fill(count: int, entries: list[dict[str, Any]]) -> None:
    chance = random.Random(5)
    sync_categories()
    categories = list(session.scalars(sa.select(Category.id)))
    articles, versions, terms = [], [], []
    for one in range(1, count + 1):
        entry = _mixed(entries, chance)
        common = {"category_id": chance.choice(categories), "title": entry["title"], "businesses": entry["businesses"]}
        articles.append(
            {
                "id": one,
                "number": f"ZS{one:08}",
                "state": "published",
                "current_id": one,
                "valid_from": NOW.date(),
                "uses": chance.randrange(500),
                "updated_at": NOW,
                **common,
            }
        )
        versions.append(
            {
                "id": one,
                "article_id": one,
                "number": 1,
                "state": "published",
                "answer": entry["answer"],
                "valid_from": NOW.date(),
                "author": "bench",
                "created_at": NOW,
                **common,
            }
        )
        fields = {name: entry[name] if isinstance(entry[name], list) else [entry[name]] for name in FIELDS}
        terms += [
            {"term": term, "article_id": one, "weight": weight} for term, weight in ranking.weights(fields).items()
        ]
    for table, rows in ((Article, articles), (ArticleVersion, versions), (ArticleTerm, terms)):
        for start in range(0, len(rows), 20_000):
            session.execute(sa.insert(table), rows[start : start + 20_000])


def _mixed(entries: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """An article of three others: its title from one, its answer from another, its details from both and a third."""
    first, second, third = chance.sample(entries, 3)
    return {
        "title": f"{first['title']}（{chance.randrange(100_000)}）",
        "answer": second["answer"],
        "questions": [chance.choice(first["questions"]), chance.choice(third["questions"])],
        "keywords": [chance.choice(first["keywords"]), chance.choice(third["keywords"])],
        "body": third.get("body", third["answer"]),
        "businesses": first["businesses"],
    }
