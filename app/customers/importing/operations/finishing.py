"""The end of an import: by a person who gives it up, or told to its owner."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.customers.importing import find, rights, topics
from app.customers.importing.models import DataImport
from app.kernel import audit, live
from app.kernel.actor import SYSTEM, Actor
from app.notify import operations as notices


def cancel(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Give up an import that is not written. Raises `WrongState` once writing has begun."""
    rights.require(actor, now=now)
    row = find.in_state(import_id, "new", "checking", "checked", "refused")
    rights.require_import(row, actor=actor, now=now)
    row.state, row.finished_at = "cancelled", now
    audit.record("import.cancelled", actor=actor, now=now, subject_type="import", subject_id=row.id)
    live.touch(topics.of_import(import_id), topics.LIST)


def tell(row: DataImport, *, now: datetime) -> None:
    """Tell the owner how the import stands."""
    if row.created_by_id is None:
        return
    notices.notify_users(
        [row.created_by_id],
        kind="import",
        text=_TEXTS[row.state](row),
        link=f"/imports/{row.id}",
        priority=50 if row.state == "done" else 60,
        dedupe_key=f"import:{row.id}:{row.state}:{row.revision}",
        actor=SYSTEM,
        now=now,
    )


_TEXTS = {
    "done": lambda row: _l(
        "%(file)s is imported: %(created)s new, %(changed)s changed, %(same)s unchanged.",
        file=row.file_name,
        created=row.created,
        changed=row.changed,
        same=row.same,
    ),
    "refused": lambda row: _l(
        "%(file)s was not imported: %(bad)s bad rows. Nothing was written.", file=row.file_name, bad=row.bad
    ),
    "failed": lambda row: _l("The import of %(file)s failed. Nothing was written.", file=row.file_name),
    "checked": lambda row: _l("%(file)s is checked and can be imported.", file=row.file_name),
    "cancelled": lambda row: _l("%(file)s was not imported: the same file is here already.", file=row.file_name),
}
