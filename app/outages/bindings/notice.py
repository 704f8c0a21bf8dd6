"""Steps of releasing a notice by hand (`bpmn/outage_notice/`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.kernel.db import session
from app.kernel.registry import ServiceContext, registry
from app.outages.models import Outage, OutageNotice
from app.outages.operations import notices, warning


class Words(Schema):
    notice_text = fields.String()
    notice_text_en = fields.String()


@registry.service(
    "outages.release_notice", title="发布停电信息", title_en="Release a notice", inputs=Words, inline=True
)
def release_notice(context: ServiceContext, **_given: Any) -> Mapping[str, Any]:
    """Enter the draft with the words of the form."""
    data = context.data
    notices.release(
        int(data["notice_id"]),
        text=str(data.get("notice_text") or ""),
        text_en=str(data.get("notice_text_en") or ""),
        actor=context.actor,
        now=context.now,
    )
    return {}


@registry.service("outages.drop_notice", title="停电信息不发布", title_en="Drop a notice", inline=True)
def drop_notice(context: ServiceContext) -> Mapping[str, Any]:
    """It is not entered."""
    notices.drop(int(context.data["notice_id"]), actor=context.actor, now=context.now)
    return {}


@registry.service("outages.warn_notice", title="停电信息录入超时", title_en="A notice is late", inline=True)
def warn_notice(context: ServiceContext) -> Mapping[str, Any]:
    """Five minutes are over: the supervisor is told."""
    notice = session.get_one(OutageNotice, int(context.data["notice_id"]))
    outage = session.get_one(Outage, notice.outage_id)
    notice.warned_at = context.now
    warning.warn(outage, "notice", "supervisor", key=str(notice.id), actor=context.actor, now=context.now)
    return {}
