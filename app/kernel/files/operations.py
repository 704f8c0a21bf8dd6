"""Saving an upload and opening it again."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from flask_babel import lazy_gettext as _l

from app.kernel import settings
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.files import pictures, store
from app.kernel.files.models import StoredFile
from app.kernel.files.types import EVERYTHING, TYPES

MAX_NAME = 200


class FileRefused(Invalid):
    """The file is too large, empty, of a type not accepted, or not what its name says: `details["reason"]`."""

    code = "file_refused"


class FileNotFound(NotFound):
    code = "file_not_found"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """What a view needs to send a file."""

    id: int
    path: Path
    name: str
    media_type: str
    size: int


def save(
    stream: BinaryIO,
    filename: str,
    *,
    actor: Actor,
    now: datetime,
    allowed: Collection[str] = EVERYTHING,
    max_size: int | None = None,
) -> StoredFile:
    """Keep an upload and return its row, with its id; raises `FileRefused` and keeps nothing.

    `allowed` holds extensions (`PICTURES`, `DOCUMENTS`, `AUDIO`); `max_size` in bytes,
    the installation's bound by default. Content kept for a transaction that is rolled
    back afterwards is removed by a sweep.
    """
    name = clean_name(filename)
    extension = PurePosixPath(name).suffix[1:].lower()
    if extension not in allowed or extension not in TYPES:
        raise FileRefused(_l("Files of this type are not accepted."), reason="type", allowed=sorted(allowed))
    limit = settings.current().max_upload if max_size is None else max_size
    if stream.seekable():
        stream.seek(0)  # a view that runs again after a lost race has read it before
    try:
        with store.receive(stream, limit=limit) as received:
            _check(received, extension)
            row = _row(received, name, extension, actor, now)
            store.keep(received)
    except store.TooLarge as exc:
        size = f"{limit / 1024 / 1024:g} MB"
        raise FileRefused(_l("The file is larger than %(size)s.", size=size), reason="size", limit=limit) from exc
    session.add(row)
    session.flush()
    return row


def open_file(file_id: int, *, thumbnail: bool = False) -> OpenFile:
    """Where a stored file lies and what it is; the small picture where asked for and there is one."""
    row = session.get(StoredFile, file_id)
    if row is None:
        raise FileNotFound(_l("There is no such file."), file=file_id)
    small = row.thumbnail if thumbnail else None
    path = store.path_of(small or row.sha256)
    if not path.is_file():
        raise FileNotFound(_l("The content of this file is lost."), file=file_id)
    media_type = "image/jpeg" if small else row.media_type
    return OpenFile(row.id, path, row.name, media_type, path.stat().st_size)


def clean_name(filename: str) -> str:
    """The name without folders, control and direction characters, at most 200 characters, extension kept."""
    last = re.split(r"[/\\]", filename)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", visible).strip(" .") or "file"
    base, extension = os.path.splitext(name)
    return base[: MAX_NAME - len(extension)] + extension if len(extension) < 20 else name[:MAX_NAME]


def _check(received: store.Received, extension: str) -> None:
    if received.size == 0:
        raise FileRefused(_l("The file is empty."), reason="empty")
    if not TYPES[extension].check(received.path):
        message = _l("The content of the file does not fit its type .%(extension)s.", extension=extension)
        raise FileRefused(message, reason="content", extension=extension)


def _row(received: store.Received, name: str, extension: str, actor: Actor, now: datetime) -> StoredFile:
    row = StoredFile(
        sha256=received.sha256,
        name=name,
        media_type=TYPES[extension].media_type,
        size=received.size,
        created_at=now,
        created_by=actor.ref,
        created_by_id=actor.id,
    )
    if row.is_picture:
        row.width, row.height = pictures.size(received.path) or (None, None)
        small = pictures.thumbnail(received.path)
        row.thumbnail = store.keep_bytes(small) if small else None
    return row
