"""Pages of heads of posts and of callback agents: open orders counted live, whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor, current_user_id
from app.kernel import clock
from app.kernel.clock import LOCAL
from app.kernel.i18n import localized
from app.web.access import requires
from app.workorders.labels import status_label
from app.workorders.queries.callbacks import done_since, to_call
from app.workorders.queries.codes import all_names
from app.workorders.queries.counts import PersonCount, counts
from app.workorders.queries.scope import READ, masked
from app.workorders.queries.tree import kinds
from app.workorders.queries.vacant import Vacant, vacant_posts
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import text


@blueprint.get("/orders/counts")
@requires("order.supervise", "task.read")
def order_counts() -> ResponseReturnValue:
    """Open orders of my units by kind, state, unit and person; fetched again when an order moves."""
    actor, now = current_actor(), clock.now()
    paths = authority.paths(actor, READ, now=now)
    names = {each.code: localized(each.name, each.name_en) for each in kinds()}
    category = text("category") if text("category") in names else ""
    found = counts(paths, category=category, now=now)
    units = people.units_by_code({each.key for each in found.by_unit}, at=now)
    return render_template(
        "workorders/counts.html",
        counts=found,
        category=category,
        kinds=list(names.items()),
        kind_names=names,
        status_label=status_label,
        unit_names={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
        people=_named(found.by_person),
        vacant=_vacant(paths, now),
    )


@blueprint.get("/callbacks")
@requires("order.callback")
def callbacks() -> ResponseReturnValue:
    """Whom to call back now, and what today's calls came to."""
    actor, now, user_id = current_actor(), clock.now(), current_user_id()
    today = datetime.combine(now.astimezone(LOCAL).date(), time.min, LOCAL)
    rows = to_call(people.groups_of(user_id, at=now), user_id)
    words = all_names()

    def result(code: str) -> str:
        found = words.get(("visit_result", code)) or words.get(("callback_result", code))
        return localized(found.name, found.name_en) if found else code

    return render_template(
        "workorders/callbacks.html",
        rows=[(row, masked(row.order, actor=actor, now=now)) for row in rows],
        kind_names={each.code: localized(each.name, each.name_en) for each in kinds()},
        result=result,
        done=done_since(today, actor.ref),
        me=user_id,
    )


def _named(rows: Sequence[PersonCount]) -> list[tuple[str, PersonCount]]:
    users = people.user_views(row.user_id for row in rows if row.user_id is not None)
    return [
        (localized(user.name, user.name_en) if (user := users.get(row.user_id or 0)) else _("Not taken yet"), row)
        for row in rows
    ]


def _vacant(paths: Sequence[str], now: datetime) -> list[tuple[str, str, Vacant]]:
    """Posts that nobody holds although tasks wait for them: names of post and unit, and the row."""
    rows = vacant_posts(paths, at=now)
    names = {post.code: localized(post.name, post.name_en) for post in people.list_posts()} if rows else {}
    return [(names.get(row.post, row.post), localized(row.unit.name, row.unit.name_en), row) for row in rows]
