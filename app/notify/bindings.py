"""What diagrams can do with notices: the service `notify.notice`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from marshmallow import Schema, fields, validate, validates_schema
from marshmallow import ValidationError as SchemaError

from app.identity import queries as people
from app.kernel.registry import BusinessError, ServiceContext, registry
from app.notify import operations

log = structlog.get_logger(__name__)


class NoticeInputs(Schema):
    """Whom to tell (a group `post@unit`, a user name, or both) and what."""

    group = fields.String(load_default=None, allow_none=True)
    username = fields.String(load_default=None, allow_none=True)
    text = fields.String(required=True, validate=validate.Length(min=1, max=operations.TEXT_LIMIT))
    text_en = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=operations.TEXT_LIMIT))
    link = fields.String(load_default="", validate=validate.Length(max=300))
    kind = fields.String(load_default="process", validate=validate.Length(max=40))
    priority = fields.Integer(load_default=50, validate=validate.Range(0, 100))

    @validates_schema
    def _somebody(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data.get("group") and not data.get("username"):
            raise SchemaError("a notice names a group or a username", "group")


class NoticeOutputs(Schema):
    """How many people were told."""

    told = fields.Integer()


@registry.service(
    "notify.notice",
    title="站内通知",
    title_en="In-app notice",
    inputs=NoticeInputs,
    outputs=NoticeOutputs,
    errors=("UNKNOWN_USER",),
    inline=True,
)
def notice(
    context: ServiceContext,
    *,
    text: str,
    group: str | None = None,
    username: str | None = None,
    text_en: str | None = None,
    link: str = "",
    kind: str = "process",
    priority: int = 50,
) -> Mapping[str, Any]:
    """Tell a group or a person, once for each step.

    An empty group is logged and tells nobody (`told` is 0, for the diagram to act on): a
    vacant post must not hold up a repair.
    """
    told = operations.notify_users(
        _recipients(context, group, username),
        kind=kind,
        text=text,
        text_en=text_en,
        link=link,
        priority=priority,
        dedupe_key=context.idempotency_key,
        actor=context.actor,
        now=context.now,
    )
    return {"told": len(told)}


def _recipients(context: ServiceContext, group: str | None, username: str | None) -> list[int]:
    ids: list[int] = []
    if group:
        ids += [member.id for member in people.members_of(group, at=context.now)]
        if not ids:
            log.warning("notice.nobody_there", group=group, instance=context.instance_id, element=context.element_id)
    if username:
        user = people.user_view(username)
        if user is None:
            raise BusinessError("UNKNOWN_USER", f"no user {username}")
        ids.append(user.id)
    return ids
