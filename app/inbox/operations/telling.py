"""Telling the person who was given a task, by a notice that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext

from app.engine.api import TaskView
from app.kernel.actor import Actor
from app.kernel.i18n import LOCALES, in_locale, localized
from app.notify.operations import notify_users

_: Callable[..., str] = gettext


def tell(user_ids: Iterable[int], task: TaskView, kind: str, text: str, *, actor: Actor, now: datetime) -> None:
    """A notice in both languages, to everyone but the actor; `kind` is assigned, delegated or resolved."""
    chinese, english = (_sentence(locale, task, kind, text, actor) for locale in LOCALES)
    notify_users(
        [user_id for user_id in user_ids if user_id != actor.id],
        kind=kind,
        text=chinese,
        text_en=english,
        link=f"/tasks/{task.id}",
        priority=task.priority,
        actor=actor,
        now=now,
    )


def _sentence(locale: str, task: TaskView, kind: str, text: str, actor: Actor) -> str:
    with in_locale(locale):
        title = localized(task.title, task.title_en)
        what = " · ".join(part for part in (localized(task.name, task.name_en), title) if part)
        match kind:
            case "assigned":
                sentence = _("%(name)s assigned you a task: %(what)s", name=actor.name, what=what)
            case "delegated":
                sentence = _("%(name)s delegated a task to you: %(what)s", name=actor.name, what=what)
            case _:
                sentence = _("%(name)s handed your task back to you: %(what)s", name=actor.name, what=what)
        return _("%(sentence)s (%(note)s)", sentence=sentence, note=text) if text else sentence
