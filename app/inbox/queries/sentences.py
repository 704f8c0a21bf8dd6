"""The sentences of a time-line, in the reader's language. They continue "who ...": 张三 完成了"派单"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from app.kernel.i18n import format_when

PersonName = Callable[[int | None], str]
_: Callable[..., str] = gettext


def automatic(ref: str) -> str:
    """Who acted where no member of staff did: the system, a customer, a program."""
    return _("The system") if ref in {"", "system"} else ref


def passed(kind: str, name: str, outcome: str) -> str:
    """What went by at an element of the diagram."""
    if outcome == "cancelled":
        return _("left “%(name)s” unfinished", name=name)
    match kind:
        case "startEvent":
            return _("started the case: “%(name)s”", name=name)
        case "endEvent":
            return _("reached the end “%(name)s”", name=name)
        case "boundaryEvent":
            return _("event: “%(name)s”", name=name)
        case "callActivity":
            return _("finished “%(name)s”", name=name)
    return _("completed “%(name)s”", name=name)


def commented() -> str:
    return _("commented")


def attached(title: str, is_picture: bool) -> str:
    return _("added the photo “%(title)s”", title=title) if is_picture else _("added the file “%(title)s”", title=title)


def removed(title: str) -> str:
    return _("removed “%(title)s”", title=title)


def operated(operation: str, details: Mapping[str, Any], person: PersonName) -> str:
    """What was done to the case or one of its tasks; empty for what is no news to a reader."""
    return _handed(operation, details, person) or _planned(operation, details) or _of_case(operation)


def _handed(operation: str, details: Mapping[str, Any], person: PersonName) -> str:
    to, before = person(_id(details.get("to"))), person(_id(details.get("from")))
    match operation:
        case "claim":
            return _("took the task")
        case "release":
            return _("gave the task back")
        case "assign":
            return _("assigned the task to %(name)s", name=to) if to else _("took the task from %(name)s", name=before)
        case "delegate":
            return _("delegated the task to %(name)s", name=to)
        case "resolve":
            return _("handed the task back to %(name)s", name=to)
    return ""


def _planned(operation: str, details: Mapping[str, Any]) -> str:
    match operation:
        case "set_due":
            return _("set the due time to %(when)s", when=_when(details.get("to")))
        case "set_follow_up":
            return _follow_up(details.get("to"))
        case "set_priority":
            return _("changed the priority from %(old)s to %(new)s", old=details.get("from"), new=details.get("to"))
    return ""


def _of_case(operation: str) -> str:
    match operation:
        case "suspend":
            return _("suspended the case")
        case "resume":
            return _("resumed the case")
        case "terminate":
            return _("ended the case")
        case "retry":
            return _("let a failed step run again")
    return ""


def _follow_up(value: object) -> str:
    return _("put the task off until %(when)s", when=_when(value)) if value else _("took the task up again")


def _when(value: object) -> str:
    return format_when(datetime.fromisoformat(value)) if isinstance(value, str) else _("none (time)")


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None
