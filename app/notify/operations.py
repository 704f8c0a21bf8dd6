"""Writing notices: telling people and groups, marking as read. Never commits.

A notice is shown on the person's bell at once: writing one touches the live topic
`notices:<user id>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.dialects import postgresql, sqlite

from app.identity import queries as people
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import is_sqlite, session
from app.kernel.errors import Invalid, NotFound
from app.notify.models import Notice

Text: TypeAlias = str | LazyString
TEXT_LIMIT = 500


class NoticeNotFound(NotFound):
    code = "notice_not_found"


class OutsideLink(Invalid):
    code = "notice_link_outside"


def topic(user_id: int) -> str:
    """The live topic of a person's notices."""
    return f"notices:{user_id}"


def notify_users(
    user_ids: Iterable[int],
    *,
    kind: str,
    text: Text,
    text_en: str | None = None,
    link: str = "",
    priority: int = 50,
    dedupe_key: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Tell these people; returns the ids of those who were told now and not before.

    `text` is Chinese with its twin `text_en`, or a lazy text that is rendered in both
    languages. `link` is a path of this site. With a `dedupe_key` each person is told once.
    """
    _check_link(link)
    chinese, english = twins(text, text_en)
    row = {
        "at": now,
        "sender": actor.ref,
        "kind": kind,
        "text": chinese,
        "text_en": english,
        "link": link,
        "priority": priority,
        "dedupe_key": dedupe_key,
    }
    ids = sorted(set(user_ids))
    if not ids:
        return []
    told = _insert([{"user_id": user_id, **row} for user_id in ids])
    if told:
        live.touch(*(topic(user_id) for user_id in told))
    return told


def notify_group(group: str, *, actor: Actor, now: datetime, **notice: Any) -> list[int]:
    """Tell everyone who is in `post@unit` now (substitutes included); see `notify_users`."""
    members = people.members_of(group, at=now)
    return notify_users([member.id for member in members], actor=actor, now=now, **notice)


def mark_read(notice_id: int, *, actor: Actor, now: datetime) -> str:
    """Mark one's own notice as read and return its link; reading twice changes nothing."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.user_id != actor.id:
        raise NoticeNotFound(_l("This notice does not exist."))
    if notice.read_at is None:
        notice.read_at = now
        live.touch(topic(notice.user_id))
    return notice.link


def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Mark all of one's notices as read; returns how many were unread."""
    unread = sa.update(Notice).where(Notice.user_id == actor.id, Notice.read_at.is_(None)).values(read_at=now)
    options = {"synchronize_session": False}
    marked = len(session.scalars(unread.returning(Notice.id), execution_options=options).all())
    if marked and actor.id is not None:
        session.expire_all()
        live.touch(topic(actor.id))
    return marked


def twins(text: Text, text_en: str | None) -> tuple[str, str]:
    """Both languages of a text, bounded to what a row holds."""
    if isinstance(text, LazyString):
        with force_locale("zh"):
            chinese = str(text)
        with force_locale("en"):
            english = text_en or str(text)
    else:
        chinese, english = text, text_en or text
    return chinese[:TEXT_LIMIT], english[:TEXT_LIMIT]


def _insert(rows: list[dict[str, Any]]) -> list[int]:
    """Insert the rows whose dedupe key is new; one statement, no race between look and write."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement = insert(Notice).on_conflict_do_nothing(index_elements=["user_id", "dedupe_key"])
    return list(session.scalars(statement.returning(Notice.user_id), rows))


def _check_link(link: str) -> None:
    if link and (not link.startswith("/") or link.startswith("//") or "\\" in link):
        raise OutsideLink(_l("A notice can only lead to a page of this site."))
