"""Reply templates: an agent's own, and shared ones of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
import yaml
from flask_babel import lazy_gettext as _l

from app.desk.models import ReplyTemplate
from app.desk.operations.conversations import USE
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound

STANDARD = Path(__file__).parents[1] / "standard.yaml"
SHARE = "desk.share"
MOST = 100


class TemplateNotFound(NotFound):
    code = "template_not_found"


class TooManyTemplates(Conflict):
    code = "too_many_templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateData:
    """A template's words; `shared_in` is the path of the unit where all may use it, empty for one's own."""

    title: str
    text: str
    text_en: str = ""
    business: str = ""
    shared_in: str = ""


def save_template(data: TemplateData, *, template_id: int | None = None, actor: Actor, now: datetime) -> int:
    """Write a template; returns its id. Raises `Forbidden` (`desk.use`; `desk.share` for shared ones), `Invalid`."""
    _check(data)
    authority.require(actor, USE, unit_path=None, now=now)
    row = ReplyTemplate(owner_id=actor.id) if template_id is None else _mine(template_id, actor=actor, now=now)
    if data.shared_in:
        authority.require(actor, SHARE, unit_path=data.shared_in, now=now)
        row.owner_id, row.unit_path = None, data.shared_in
    elif template_id is None:
        count = sa.select(sa.func.count()).select_from(ReplyTemplate).where(ReplyTemplate.owner_id == actor.id)
        if (session.scalar(count) or 0) >= MOST:
            raise TooManyTemplates(_l("You have %(most)s templates already: delete one first.", most=MOST))
    row.title, row.text, row.text_en = data.title.strip(), data.text.strip(), data.text_en.strip()
    row.business, row.updated_at = data.business, now
    session.add(row)
    session.flush()
    _record("desk.template_saved", row, actor=actor, now=now)
    return row.id


def delete_template(template_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a template. Raises `Forbidden`, `TemplateNotFound`."""
    row = _mine(template_id, actor=actor, now=now)
    _record("desk.template_deleted", row, actor=actor, now=now)
    session.delete(row)
    session.flush()


def sync_templates(*, now: datetime, path: Path = STANDARD) -> int:
    """Add the shared templates of the file that are not there yet; returns how many."""
    known = set(session.scalars(sa.select(ReplyTemplate.title).where(ReplyTemplate.owner_id.is_(None))))
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["templates"]
    fresh = [(place, entry) for place, entry in enumerate(entries) if entry["title"] not in known]
    session.add_all(
        ReplyTemplate(
            business=entry.get("business", ""),
            title=entry["title"],
            text=entry["text"],
            text_en=entry.get("text_en", ""),
            position=place,
            updated_at=now,
        )
        for place, entry in fresh
    )
    session.flush()
    return len(fresh)


def _mine(template_id: int, *, actor: Actor, now: datetime) -> ReplyTemplate:
    row = session.get(ReplyTemplate, template_id)
    if row is None or (row.owner_id is not None and row.owner_id != actor.id):
        raise TemplateNotFound(_l("There is no such template."))
    if row.owner_id is None:
        authority.require(actor, SHARE, unit_path=row.unit_path, now=now)
    return row


def _check(data: TemplateData) -> None:
    errors: dict[str, list[object]] = {}
    for name, most in (("title", 80), ("text", 1000)):
        value = getattr(data, name).strip()
        if not value or len(value) > most:
            errors[name] = [_l("Between 1 and %(most)s characters.", most=most)]
    if len(data.text_en) > 1500:
        errors["text_en"] = [_l("At most %(most)s characters.", most=1500)]
    if errors:
        raise Invalid(_l("The template is not complete."), errors=errors)


def _record(action: str, row: ReplyTemplate, *, actor: Actor, now: datetime) -> None:
    audit.record(
        action, actor=actor, now=now, subject_type="reply_template", subject_id=row.id, unit_path=row.unit_path
    )
