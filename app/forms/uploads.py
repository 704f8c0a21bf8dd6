"""Files of form fields: who uploaded which, and what a file field may name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.forms.validation import FileLookup, UploadedFile
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.files import StoredFile


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file as the browser shows it; `size` in bytes."""

    id: int
    name: str
    size: int
    media_type: str
    is_picture: bool


def files_of(actor: Actor, *, kept: Iterable[int] = ()) -> FileLookup:
    """The files this actor uploaded, and those in `kept` (already in the process's data)."""
    allowed = frozenset(kept)

    def look_up(file_id: int) -> UploadedFile | None:
        row = session.get(StoredFile, file_id)
        if row is None or (row.id not in allowed and not _owns(actor, row)):
            return None
        return view(row)

    return look_up


def _owns(actor: Actor, row: StoredFile) -> bool:
    return row.created_by == actor.ref and row.created_by_id == actor.id


def view(row: StoredFile) -> Upload:
    return Upload(row.id, row.name, row.size, row.media_type, row.is_picture)


def describe(values: Any) -> list[dict[str, Any]]:
    """The files named in a field's value, for the browser to list; what is gone is left out."""
    ids = [value for value in values if isinstance(value, int)] if isinstance(values, list) else []
    rows = (session.get(StoredFile, file_id) for file_id in ids)
    return [{"id": row.id, "name": row.name, "size": row.size, "picture": row.is_picture} for row in rows if row]
