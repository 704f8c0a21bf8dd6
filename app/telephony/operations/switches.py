"""Switching notices on and off, and opening hours past their rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.telephony.models import IvrHours, IvrNotice
from app.telephony.queries.switches import UnknownSwitch

SWITCH = "ivr.switch"
STANDARD = Path(__file__).parents[1] / "standard.yaml"
LONGEST = 500
TOPIC = "ivr_switches"


def sync(path: Path = STANDARD) -> int:
    """Make the hours and notices of a file that are not there yet, name those that are; returns how many changed."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    changed = sum(_put(IvrHours, name, _hours(entry)) for name, entry in content.get("hours", {}).items())
    for name, entry in content.get("notices", {}).items():
        texts = {"text": entry.get("text", ""), "text_en": entry.get("text_en", "")}
        changed += _put(IvrNotice, name, {"title": entry["zh"], "title_en": entry["en"]}, first=texts)
    session.flush()
    return changed


def force_hours(
    name: str, state: str | None, *, until: datetime | None = None, reason: str = "", actor: Actor, now: datetime
) -> None:
    """Open or close past the rule, until an instant or until taken back; `state` None takes it back."""
    authority.require(actor, SWITCH, unit_path=None, now=now)
    row = session.scalar(sa.select(IvrHours).where(IvrHours.name == name))
    if row is None:
        raise UnknownSwitch(_l("No opening hours are called %(name)s.", name=name))
    if state not in (None, "open", "closed") or (state is not None and not reason.strip()):
        raise Invalid(_l("Say whether it is open or closed, and why."))
    if until is not None and until <= now:
        raise Invalid(_l("The end must lie in the future."))
    row.forced, row.forced_until, row.reason = (
        state,
        until if state else None,
        reason.strip()[:LONGEST] if state else "",
    )
    row.changed_by, row.changed_at = actor.ref, now
    _note("ivr.hours", name, {"state": state, "reason": row.reason}, actor, now)


def set_notice(
    name: str,
    *,
    on: bool,
    text: str,
    text_en: str = "",
    until: datetime | None = None,
    shut: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what callers are told, and switch it on or off."""
    authority.require(actor, SWITCH, unit_path=None, now=now)
    row = session.scalar(sa.select(IvrNotice).where(IvrNotice.name == name))
    if row is None:
        raise UnknownSwitch(_l("No notice is called %(name)s.", name=name))
    if on and not text.strip():
        raise Invalid(_l("Write what callers are to hear."))
    if max(len(text), len(text_en)) > LONGEST:
        raise Invalid(_l("A notice has at most %(count)s characters.", count=LONGEST))
    if on and until is not None and until <= now:
        raise Invalid(_l("The end must lie in the future."))
    row.on, row.text, row.text_en, row.until, row.shut = on, text.strip(), text_en.strip(), until, shut
    row.changed_by, row.changed_at = actor.ref, now
    _note("ivr.notice", name, {"on": on, "text": row.text}, actor, now)


def _note(action: str, name: str, details: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    audit.record(action, actor=actor, now=now, subject_type="ivr_switch", subject_id=name, details=details)
    live.touch(TOPIC)


def _hours(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": entry["zh"],
        "title_en": entry["en"],
        "days": entry["days"],
        "opens": entry["opens"],
        "closes": entry["closes"],
    }


def _put(
    table: type[IvrHours] | type[IvrNotice],
    name: str,
    values: Mapping[str, Any],
    *,
    first: Mapping[str, Any] | None = None,
) -> int:
    row = session.scalar(sa.select(table).where(table.name == name))
    if row is None:
        session.add(table(name=name, **values, **(first or {})))
        return 1
    before = {key: getattr(row, key) for key in values}
    for key, value in values.items():
        setattr(row, key, value)
    return int(before != dict(values))
