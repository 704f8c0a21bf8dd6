"""The page of the inbox: tabs, filters, one page of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.engine import api as engine
from app.identity import queries as identity
from app.inbox import topics
from app.inbox.queries.counts import Counts, count_scopes
from app.inbox.queries.filters import SCOPES, BadFilter, Scope, TaskFilter, read_filter, scope_title
from app.inbox.queries.page import page_of
from app.inbox.queries.reader import Reader
from app.inbox.queries.saved import posts_of, saved_filters
from app.inbox.views.blueprint import WORK, blueprint
from app.inbox.views.inputs import current_reader
from app.kernel import clock
from app.kernel.i18n import localized
from app.web.access import requires


@blueprint.get("/inbox")
@requires(*WORK)
def index() -> ResponseReturnValue:
    """A page of my tasks, of my groups' or of all I may see."""
    now, reader = clock.now(), current_reader()
    scope = chosen_scope(request.args.get("scope", "mine"))
    wanted = read_filter(request.args)
    after = request.args.get("after", "")
    counts = count_scopes(reader, now=now)
    return render_template(
        "inbox/index.html",
        scope=scope,
        wanted=wanted,
        after=after,
        page=page_of(scope, reader, wanted, after=after, now=now),
        tabs=tabs_of(scope, reader, counts),
        overdue=counts.overdue,
        overdue_url=_address("mine", wanted, due="overdue"),
        saved=saved_filters(reader.user_id, reader.groups),
        posts=posts_of(reader.groups) if _may_share(reader) else [],
        processes=_processes(),
        topics=topics.of_scope(scope, reader),
        may_assign=bool(reader.assign_paths),
        address=_address,
        now=now,
    )


def chosen_scope(name: str) -> Scope:
    """The scope of this name; refused where there is none."""
    if name not in SCOPES:
        raise BadFilter(_("The inbox has no list %(name)s.", name=name[:40]))
    return name


def tabs_of(current: str, reader: Reader, counts: Counts) -> list[dict[str, Any]]:
    """The tabs; `all` only for those who may see more than what is theirs, `done` without a count."""
    shown: Iterable[Scope] = SCOPES if reader.read_paths else SCOPES[:2]
    tabs = [_tab(scope_title(name), _address(name, TaskFilter()), name, current, counts.shown(name)) for name in shown]
    return [*tabs, _tab(_("Done by me"), url_for("inbox.done"), "done", current, None)]


def _tab(label: str, href: str, name: str, current: str, count: str | None) -> dict[str, Any]:
    return {"href": href, "label": label, "count": count, "current": name == current, "shortcut": f"g {name[0]}"}


def _address(scope: Scope, wanted: TaskFilter, **more: Any) -> str:
    """The address of a list; `more` replaces parameters of the filter, None takes one away."""
    params = {**wanted.params(), **more}
    return url_for("inbox.index", scope=scope, **{name: value for name, value in params.items() if value is not None})


def _processes() -> list[tuple[str, str]]:
    """Key and name of every deployed process."""
    return [(view.key, localized(view.name, view.name_en) or view.key) for view in engine.list_definitions(kind="bpmn")]


def _may_share(reader: Reader) -> bool:
    return identity.may(reader.user_id, "filter.share", unit_path=None, at=clock.now())
