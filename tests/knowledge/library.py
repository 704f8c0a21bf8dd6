"""A small library: units, an author, an editor, published articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from app.engine.definitions.deploy import deploy
from app.identity.queries import UnitView, UserView
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.settings import ROOT
from app.knowledge import operations
from app.knowledge.operations import ArticleData, publication, sync_categories
from app.knowledge.operations.drafting import find_article, newest
from tests.identity.factories import actor_of, make_unit, make_user

TODAY = date(2026, 3, 2)


def article(**changes: object) -> ArticleData:
    """An article that passes every check."""
    fields: dict[str, object] = {
        "unit": "P",
        "category": "tiers",
        "title": "居民阶梯电价怎样计算",
        "answer": "按年计算，分三档。",
        "questions": ["为什么电费突然变贵"],
        "keywords": ["阶梯电价"],
        "valid_from": TODAY,
    }
    return ArticleData(**{**fields, **changes})  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def definitions() -> dict[str, bytes]:
    folders = ("bpmn", "forms")
    paths = [path for folder in folders for path in ROOT.glob(f"{folder}/article_publication/*.*")]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(paths)}


@dataclass
class Library:
    """`units` are P (province) and C (county below it); an author and an editor of P."""

    now: datetime
    units: dict[str, UnitView] = field(default_factory=dict)
    author: UserView = None  # type: ignore[assignment]
    editor: UserView = None  # type: ignore[assignment]

    @property
    def writing(self) -> Actor:
        return actor_of(self.author)

    @property
    def editing(self) -> Actor:
        return actor_of(self.editor)

    def published(self, **changes: object) -> str:
        """An article in force, by the operations that the process calls; returns its number."""

        def work() -> str:
            number = operations.save_draft(article(**changes), actor=SYSTEM, now=self.now)
            version = newest(find_article(number).id)
            assert version is not None
            publication.publish(version.id, note="", reviewer="editor", actor=SYSTEM, now=self.now)
            return number

        return db.run(work)


def build(now: datetime) -> Library:
    library = Library(now)
    library.units["P"] = make_unit("P", kind="province")
    library.units["C"] = make_unit("C", kind="county", parent=make_unit("X", kind="city", parent=library.units["P"]))
    library.author = make_user("author", posts=[("agent", library.units["P"])])
    library.editor = make_user("editor", posts=[("knowledge_editor", library.units["P"])])
    db.run(sync_categories)
    db.run(lambda: deploy(definitions(), actor=SYSTEM, now=now))
    return library
