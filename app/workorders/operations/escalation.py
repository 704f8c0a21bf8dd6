"""Escalation (超时预警与升级): find the next threshold of a limit, tell whom the table names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.notify import operations as notify
from app.workorders.labels import stage_label
from app.workorders.models import OrderLimit, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.limits import RUNNING, threshold_at


def next_threshold(limit_id: int, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The threshold of a limit to wait for next.

    `steps` are rows `{"percent": 80, "post": "dispatcher"}` of the escalation table. Returns
    `watch` (`wait`, `paused`, or `over` where nothing is left), `percent`, `posts`, `next_at`.
    """
    limit = session.get(OrderLimit, limit_id)
    if limit is None or limit.state not in RUNNING:
        return {"watch": "over"}
    left = sorted({_percent(step) for step in steps if _percent(step) > limit.escalated})
    if not left:
        return {"watch": "over"}
    if limit.state != "running":
        return {"watch": "paused"}
    posts = [str(step["post"]) for step in steps if _percent(step) == left[0]]
    return {
        "watch": "wait",
        "percent": left[0],
        "posts": posts,
        "next_at": threshold_at(limit, left[0]).isoformat(),
    }


def escalate(limit_id: int, *, percent: int, posts: Sequence[str], actor: Actor, now: datetime) -> list[str]:
    """Tell the holders of these posts, at the order's unit or the nearest unit above that has any.

    Returns the names of who was told. A limit reached or closed meanwhile tells nobody.
    """
    limit = session.get(OrderLimit, limit_id)
    order = session.get(WorkOrder, limit.order_id) if limit else None
    if limit is None or order is None or limit.state != "running" or limit.escalated >= percent:
        return []
    limit.escalated = percent
    limit.breached = limit.breached or now > limit.due_at
    told = _tell(order, limit, percent, posts, actor=actor, now=now)
    trace.event(
        order,
        "escalated",
        actor=actor,
        now=now,
        params={"stage": limit.stage, "percent": percent, "posts": list(posts), "told": sorted(told.values())},
    )
    return sorted(told.values())


def holders(post: str, unit_path: str, *, now: datetime) -> dict[int, str]:
    """Ids and names of the holders of a post at this unit or the nearest unit above that has any."""
    path = unit_path
    while path.strip("/"):
        unit = people.unit_by_path(path)
        members = people.members_of(f"{post}@{unit.code}", at=now) if unit else []
        if members:
            return {member.id: member.name for member in members}
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return {}


def _tell(
    order: WorkOrder, limit: OrderLimit, percent: int, posts: Sequence[str], *, actor: Actor, now: datetime
) -> dict[int, str]:
    told: dict[int, str] = {}
    for post in posts:
        told |= holders(post, order.unit_path, now=now)
    text = _l(
        "Order %(number)s: %(percent)s%% of the limit for “%(stage)s” is used up.",
        number=order.number,
        percent=percent,
        stage=stage_label(limit.stage),
    )
    notify.notify_users(
        told,
        kind="escalation",
        text=text,
        link=f"/orders/{order.number}",
        priority=90 if percent >= 100 else 70,
        dedupe_key=f"limit:{limit.id}:{percent}",
        actor=actor,
        now=now,
    )
    return told


def _percent(step: Mapping[str, Any]) -> int:
    return int(step["percent"])
