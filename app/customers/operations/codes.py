"""Load the code lists of `standard.yaml` (or of a province's own file) into `customer_code`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.customers.models import CustomerCode
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session

STANDARD = Path(__file__).parents[1] / "standard.yaml"


def sync_codes(*, actor: Actor, now: datetime, path: Path = STANDARD) -> int:
    """Make the table say what the file says; returns how many words changed. Words gone from it become inactive."""
    known = {(code.kind, code.code): code for code in session.scalars(sa.select(CustomerCode))}
    wanted = _read(path)
    changed = sum(_put(known.get(key), key, values) for key, values in wanted.items())
    for key, code in known.items():
        if key not in wanted and code.active:
            code.active = False
            changed += 1
    if changed:
        audit.record("customers.codes_synced", actor=actor, now=now, subject_type="customer_code", subject_id="all")
    session.flush()
    return changed


def _read(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        (kind, code): _values(entry, position)
        for kind, codes in lists.items()
        for position, (code, entry) in enumerate(codes.items())
    }


def _values(entry: Any, position: int) -> dict[str, Any]:
    facts = dict(entry) if isinstance(entry, dict) else {"zh": entry[0], "en": entry[1]}
    return {"name": facts.pop("zh"), "name_en": facts.pop("en"), "position": position, "facts": facts, "active": True}


def _put(row: CustomerCode | None, key: tuple[str, str], values: dict[str, Any]) -> bool:
    if row is None:
        session.add(CustomerCode(kind=key[0], code=key[1], **values))
        return True
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return before != values
