"""What the diagram of publication calls (publish, return, submit again, extend, retire), and what IVR flows ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from marshmallow import Schema, fields, validate

from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.knowledge.models import Article
from app.knowledge.operations import publication
from app.knowledge.queries.search import search


class Nothing(Schema):
    """A step that reads its values from the variables of the case."""


class Renewal(Schema):
    """When somebody looks at the article again (ISO 8601), null where it holds for good."""

    renew_at = fields.String(allow_none=True)


def _values(context: ServiceContext, schema: type[Schema]) -> dict[str, Any]:
    """The case's variables that the schema names."""
    known = {name: context.data[name] for name in schema().fields if context.data.get(name) is not None}
    return dict(schema().load(known))


class Reviewed(Schema):
    version_id = fields.Integer(required=True)
    review_note = fields.String(load_default="", validate=validate.Length(max=500))
    review_reason = fields.String(load_default="", validate=validate.Length(max=500))


class Renewed(Schema):
    version_id = fields.Integer(required=True)
    article_id = fields.Integer(required=True)
    new_until = fields.Date(load_default=None)
    retire_reason = fields.String(load_default="", validate=validate.Length(max=500))


@registry.service(
    "knowledge.publish_article", title="发布知识", title_en="Publish", inputs=Nothing, outputs=Renewal, inline=True
)
def publish_article(context: ServiceContext) -> Mapping[str, Any]:
    values = _values(context, Reviewed)
    return publication.publish(
        values["version_id"],
        note=values["review_note"],
        reviewer=context.actor.ref,
        actor=context.actor,
        now=context.now,
    )


@registry.service(
    "knowledge.return_article", title="退回作者", title_en="Return", inputs=Nothing, outputs=Nothing, inline=True
)
def return_article(context: ServiceContext) -> None:
    values = _values(context, Reviewed)
    publication.give_back(
        values["version_id"],
        note=values["review_reason"],
        reviewer=context.actor.ref,
        actor=context.actor,
        now=context.now,
    )


@registry.service(
    "knowledge.resubmit_article",
    title="再次提交",
    title_en="Submit again",
    inputs=Nothing,
    outputs=Nothing,
    inline=True,
)
def resubmit_article(context: ServiceContext) -> None:
    publication.submit_again(_values(context, Reviewed)["version_id"], actor=context.actor, now=context.now)


@registry.service(
    "knowledge.withdraw_article", title="放弃修改", title_en="Withdraw", inputs=Nothing, outputs=Nothing, inline=True
)
def withdraw_article(context: ServiceContext) -> None:
    publication.withdraw(_values(context, Reviewed)["version_id"], actor=context.actor, now=context.now)


@registry.service(
    "knowledge.extend_article", title="延长有效期", title_en="Extend", inputs=Nothing, outputs=Renewal, inline=True
)
def extend_article(context: ServiceContext) -> Mapping[str, Any]:
    values = _values(context, Renewed)
    until: date = values["new_until"]
    return publication.extend(values["version_id"], until=until, actor=context.actor, now=context.now)


@registry.service(
    "knowledge.retire_article", title="停用知识", title_en="Retire", inputs=Nothing, outputs=Nothing, inline=True
)
def retire_article(context: ServiceContext) -> None:
    values = _values(context, Renewed)
    article = session.get_one(Article, values["article_id"])
    publication.retire_article(article, reason=values["retire_reason"], actor=context.actor, now=context.now)


ROOT = 2
"""Slashes in the path of a unit that nothing stands above: what holds there holds everywhere."""


class AnswerInputs(Schema):
    category = fields.String(load_default="", validate=validate.Length(max=40))
    question = fields.String(load_default="", validate=validate.Length(max=200))


@registry.lookup("knowledge.answer", title="标准答案", title_en="An answer of the library", inputs=AnswerInputs)
def answer(*, category: str, question: str, actor: Actor, now: datetime) -> Mapping[str, Any]:  # noqa: ARG001
    """The best article that holds everywhere: `title`, `text` and their English twins, as they are said.

    `category` is a code whose branch is searched; without a `question` the most used article there.
    """
    hits = search(question, paths=("/",), day=now.astimezone(LOCAL).date(), category=category, limit=20)
    query = sa.select(Article.number, Article.scope_path).where(Article.number.in_([hit.number for hit in hits]))
    everywhere = {number for number, scope in session.execute(query) if scope.count("/") <= ROOT}
    hit = next((hit for hit in hits if hit.number in everywhere), None)
    if hit is None:
        return {"found": False, "number": "", "title": "", "title_en": "", "text": "", "text_en": ""}
    return {
        "found": True,
        "number": hit.number,
        "title": hit.title,
        "title_en": hit.title_en,
        "text": spoken_text(hit.answer),
        "text_en": spoken_text(hit.answer_en),
    }


def spoken_text(text: str) -> str:
    """An answer without the signs of a page: one line, no Markdown."""
    plain = re.sub(r"[*_`#>|]|\[([^\]]*)\]\([^)]*\)", lambda found: found[1] or "", text)
    return " ".join(plain.split())
