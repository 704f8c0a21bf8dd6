"""Content on disk, named by its SHA-256. Written aside, synced, then renamed: a name never shows half a file."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.kernel import settings

CHUNK = 1 << 20
_INCOMING = "incoming"


class TooLarge(ValueError):
    """The stream holds more bytes than allowed; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Received:
    """Content written aside, not yet kept."""

    path: Path
    sha256: str
    size: int


@contextmanager
def receive(stream: BinaryIO, *, limit: int) -> Iterator[Received]:
    """Write a stream aside, reading never more than `limit` bytes and one chunk; removed after the block."""
    path = _folder() / _INCOMING / secrets.token_hex(16)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield _write(path, stream, limit)
    finally:
        path.unlink(missing_ok=True)


def keep(received: Received) -> None:
    """Give received content its name; harmless where it is there already."""
    target = path_of(received.sha256)
    if target.exists():
        os.utime(target)  # young again, so that the sweep of orphans leaves it alone
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(received.path, target)
    _sync_folder(target.parent)


def keep_bytes(content: bytes) -> str:
    """Keep content made here and return its hash."""
    path = _folder() / _INCOMING / secrets.token_hex(16)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        received = _write(path, BytesIO(content), len(content))
        keep(received)
    finally:
        path.unlink(missing_ok=True)
    return received.sha256


def path_of(sha256: str) -> Path:
    """Where content lies."""
    return _folder() / sha256[:2] / sha256[2:4] / sha256


def old_content(older_than_seconds: float) -> Iterable[Path]:
    """Content that was last kept before this many seconds (the machine's clock), and remains of broken uploads."""
    before = time.time() - older_than_seconds
    root = _folder()
    if not root.is_dir():
        return
    for folder, _dirs, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            if path.stat().st_mtime < before:
                yield path


def _folder() -> Path:
    return settings.current().instance / "files"


def _write(path: Path, stream: BinaryIO, limit: int) -> Received:
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge(limit)
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Received(path, digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
