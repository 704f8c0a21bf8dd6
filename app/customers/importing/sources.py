"""Where scheduled imports get files: folders below the installation's root, and addresses."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l

from app.kernel import settings
from app.kernel.errors import Invalid

DONE, FAILED = "done", "failed"
QUIET_SECONDS = 5
"""A file younger than this may still be written by whoever puts it there."""

MOST_FILES = 200
"""Files taken at one look; the others come at the next."""


class BadFolder(Invalid):
    """The folder is none that imports may look into."""

    code = "import_folder"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that waits in a folder; `mark` is the same for the same file and another for a changed one."""

    path: Path
    mark: str


def folder_of(location: str) -> Path:
    """The folder of this name below `LIGHTLINE_IMPORT_ROOT`; raises `BadFolder` for any other."""
    root = settings.current().import_root
    if root is None:
        raise BadFolder(_l("This installation names no folder for imports (LIGHTLINE_IMPORT_ROOT)."))
    root = root.resolve()
    try:
        folder = (root / location).resolve()
    except (OSError, ValueError):
        folder = root.parent
    if not folder.is_relative_to(root) or not folder.is_dir():
        raise BadFolder(_l("There is no folder “%(name)s” below the folder for imports.", name=location))
    return folder


def waiting(folder: Path, pattern: str, *, now: datetime) -> Iterator[Found]:
    """Files of a folder that match the pattern and are at rest, by name; hidden and partial ones are left alone."""
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False))
    taken = 0
    for name in names:
        if name.startswith((".", "~")) or name.endswith((".part", ".tmp")) or not fnmatch.fnmatch(name, pattern):
            continue
        path = folder / name
        facts = path.stat()
        if abs(now.timestamp() - facts.st_mtime) < QUIET_SECONDS:
            continue
        taken += 1
        if taken > MOST_FILES:
            return
        yield Found(path, _mark(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}"))


def put_away(folder: Path, name: str, *, good: bool) -> None:
    """Move a file to `done` or `failed` beside it; one that is not there any more is no error."""
    source = folder / Path(name).name
    target = folder / (DONE if good else FAILED)
    if not source.is_file():
        return
    target.mkdir(exist_ok=True)
    place, count = target / source.name, 1
    while place.exists():
        place, count = target / f"{source.stem}.{count}{source.suffix}", count + 1
    os.replace(source, place)


def content_mark(path: Path) -> str:
    """The mark of what an address gave."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
