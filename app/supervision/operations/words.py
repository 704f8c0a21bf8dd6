"""Load the words and bounds of `standard.yaml` into their table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.supervision.models import SupervisionWord

STANDARD = Path(__file__).parents[1] / "standard.yaml"


def sync_words(*, actor: Actor, now: datetime, path: Path = STANDARD) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone become inactive."""
    known = {(row.kind, row.code): row for row in session.scalars(sa.select(SupervisionWord))}
    wanted = _read(path)
    changed = sum(_put(known.get(key), key, values) for key, values in wanted.items())
    for key, row in known.items():
        if key not in wanted and row.active:
            row.active, changed = False, changed + 1
    if changed:
        audit.record("supervision.synced", actor=actor, now=now, subject_type="supervision_word", subject_id="all")
    session.flush()
    return changed


def _read(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        (kind, code): _values(entry, position)
        for kind, entries in lists.items()
        for position, (code, entry) in enumerate(entries.items())
    }


def _values(entry: Any, position: int) -> dict[str, Any]:
    facts = dict(entry) if isinstance(entry, dict) else {"zh": entry[0], "en": entry[1]}
    return {"name": facts.pop("zh"), "name_en": facts.pop("en"), "position": position, "facts": facts, "active": True}


def _put(row: SupervisionWord | None, key: tuple[str, str], values: dict[str, Any]) -> bool:
    if row is None:
        session.add(SupervisionWord(kind=key[0], code=key[1], **values))
        return True
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return before != values
