"""What a reader asks of the task list: filters and order, read from an address or a saved filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import validate

from app.kernel.errors import Invalid

Scope = Literal["mine", "groups", "all"]
SCOPES: tuple[Scope, ...] = ("mine", "groups", "all")
SORTS = ("due", "created", "priority")
DUES = ("", "overdue", "today", "later", "none")
FOLLOW_UPS = ("", "all", "waiting")
HOLDERS = ("", "free", "held", "any")


class BadFilter(Invalid):
    code = "bad_filter"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks of a scope, in which order. Empty strings mean "any".

    `process` is a process key, `element` the step's id in the diagram, `unit` a unit code
    (its subtree counts), `priority` the least priority. `due` is relative to now;
    `follow_up` "" hides tasks put off to a later time, "waiting" shows only those.
    `holder` tells free tasks from held ones; "" leaves held ones out of a group's list, where
    they are in somebody's hands already. `key` is a business key, `q` free text.
    """

    process: str = ""
    element: str = ""
    unit: str = ""
    priority: int = 0
    due: str = ""
    follow_up: str = ""
    holder: str = ""
    key: str = ""
    q: str = ""
    sort: str = "due"
    desc: bool = False

    @property
    def active(self) -> dict[str, Any]:
        """What differs from the defaults, order aside: what the reader has narrowed the list to."""
        plain = asdict(TaskFilter())
        return {
            name: value for name, value in asdict(self).items() if value != plain[name] and name not in {"sort", "desc"}
        }

    def params(self) -> dict[str, Any]:
        """The filter as parameters of an address: only what differs from the defaults."""
        plain = asdict(TaskFilter())
        changed = {name: value for name, value in asdict(self).items() if value != plain[name] and name != "desc"}
        if self.desc != default_desc(self.sort):
            changed["desc"] = "1" if self.desc else "0"
        return changed


class TaskFilterSchema(ma.Schema):
    """The parameters of a task list; the API publishes the same."""

    class Meta:
        unknown = ma.EXCLUDE

    process = ma.fields.String(load_default="", validate=validate.Length(max=200))
    element = ma.fields.String(load_default="", validate=validate.Length(max=200))
    unit = ma.fields.String(load_default="", validate=validate.Length(max=40))
    priority = ma.fields.Integer(load_default=0, validate=validate.Range(0, 100))
    due = ma.fields.String(load_default="", validate=validate.OneOf(DUES))
    follow_up = ma.fields.String(load_default="", validate=validate.OneOf(FOLLOW_UPS))
    holder = ma.fields.String(load_default="", validate=validate.OneOf(HOLDERS))
    key = ma.fields.String(load_default="", validate=validate.Length(max=100))
    q = ma.fields.String(load_default="", validate=validate.Length(max=200))
    sort = ma.fields.String(load_default="due", validate=validate.OneOf(SORTS))
    desc = ma.fields.Boolean(load_default=False)


FIELDS = tuple(field.name for field in fields(TaskFilter))


def read_filter(values: Mapping[str, Any]) -> TaskFilter:
    """The filter of an address' parameters; a value that does not fit is refused by name.

    Empty values (as a form sends them) count as not given. Without an order, tasks due
    soonest, of the highest priority or newest come first.
    """
    given = {name: values[name] for name in FIELDS if values.get(name) not in (None, "")}
    try:
        loaded = TaskFilterSchema().load(given)
    except ma.ValidationError as exc:
        raise BadFilter(_l("The list cannot be filtered like this."), errors=exc.messages_dict) from exc
    loaded["q"] = loaded["q"].strip()
    loaded["key"] = loaded["key"].strip()
    if "desc" not in given:
        loaded["desc"] = default_desc(loaded["sort"])
    return TaskFilter(**loaded)


def default_desc(sort: str) -> bool:
    """The direction people expect of an order: soonest due, newest, highest priority first."""
    return sort != "due"


def scope_title(scope: Scope) -> str:
    """What people call a scope."""
    titles: dict[Scope, str] = {"mine": _("My tasks"), "groups": _("My groups"), "all": _("All tasks")}
    return titles[scope]
