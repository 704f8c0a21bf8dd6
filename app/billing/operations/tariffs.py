"""Load tariffs and the rules beside them from files into their tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Bill, BillingRule, Tariff
from app.billing.rules.files import SEED, Entry, read_folder
from app.billing.rules.schema import InvalidRules
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict


class TariffInUse(Conflict):
    """Bills were computed by a version: its rules stay as they are, a change needs a version of its own."""

    code = "tariff_in_use"


@dataclass(frozen=True, slots=True)
class Synced:
    """How many versions were added and changed."""

    added: int
    changed: int


def sync(*, actor: Actor, now: datetime, folder: Path = SEED) -> Synced:
    """Make the tables say what the files say; versions the files no longer name stay as they are.

    Raises `InvalidRules` (details: every problem with its place) and `TariffInUse`.
    """
    contents = read_folder(folder)
    if contents.problems:
        raise InvalidRules(_l("The tariff files have mistakes."), errors={"files": contents.problems})
    tariffs = {(row.code, row.valid_from): row for row in session.scalars(sa.select(Tariff))}
    rules = {(row.code, row.valid_from): row for row in session.scalars(sa.select(BillingRule))}
    counts = [_put(Tariff, tariffs.get((e.code, e.valid_from)), e) for e in contents.tariffs]
    counts += [_put(BillingRule, rules.get((e.code, e.valid_from)), e) for e in contents.rules]
    found = Synced(counts.count("added"), counts.count("changed"))
    if found.added or found.changed:
        details = {"added": found.added, "changed": found.changed}
        audit.record("tariffs.synced", actor=actor, now=now, subject_type="tariff", subject_id="all", details=details)
    session.flush()
    return found


def _put(model: type[Tariff] | type[BillingRule], row: Tariff | BillingRule | None, entry: Entry) -> str:
    values = {"valid_to": entry.valid_to, "rules": dict(entry.rules), "source": entry.source}
    if model is Tariff:
        values |= {"name": entry.name, "name_en": entry.name_en}
    if row is None:
        session.add(model(code=entry.code, valid_from=entry.valid_from, **values))
        return "added"
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if "rules" in changed and isinstance(row, Tariff) and _billed([row.id]):
        raise TariffInUse(
            _l(
                "Bills were computed by tariff %(code)s of %(day)s: add a new version.",
                code=row.code,
                day=row.valid_from,
            )
        )
    for name in changed:
        setattr(row, name, values[name])
    return "changed" if changed else "same"


def _billed(ids: Iterable[int]) -> bool:
    return session.scalar(sa.select(Bill.id).where(Bill.tariff_id.in_(list(ids))).limit(1)) is not None
