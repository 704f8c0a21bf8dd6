"""What the diagram of publication calls: publish, return, submit again, extend, retire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.knowledge.models import Article
from app.knowledge.operations import publication


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
