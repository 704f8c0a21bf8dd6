"""What hand-written forms of the inbox send: texts, instants of a local clock, people by sign-in name."""

from __future__ import annotations

from datetime import datetime

from flask import request
from flask_babel import lazy_gettext as _l

from app.identity import queries as identity
from app.identity.session import current_actor
from app.inbox.queries.reader import Reader
from app.inbox.rights import reader_for
from app.kernel import clock
from app.kernel.errors import Invalid


class BadInput(Invalid):
    code = "bad_input"


def current_reader() -> Reader:
    """The reader of this request."""
    return reader_for(current_actor(), now=clock.now())


def text(name: str) -> str:
    return request.form.get(name, "").strip()


def person(name: str = "person") -> int:
    """The user a field names: `zhangwei`, or `zhangwei 张伟` as the list of suggestions writes it."""
    username = text(name).partition(" ")[0]
    found = identity.user_view(username) if username else None
    if found is None:
        message = _l("Choose a person from the list.")
        raise BadInput(message, errors={name: [str(message)]})
    return found.id


def instant(name: str) -> datetime | None:
    """A `datetime-local` field in the utility's zone; None where it is empty."""
    given = text(name)
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError as exc:
        message = _l("This is not a date and time.")
        raise BadInput(message, errors={name: [str(message)]}) from exc
    return found if found.tzinfo else found.replace(tzinfo=clock.LOCAL)


def number(name: str) -> int:
    given = text(name)
    if not given.isdecimal() or len(given) > 9:
        message = _l("This is not a whole number.")
        raise BadInput(message, errors={name: [str(message)]})
    return int(given)
