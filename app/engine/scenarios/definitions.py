"""Which definition files a process needs: its own and those it names, directly or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from flask_babel import gettext as _

from app.engine.definitions.drafts import KINDS, Draft, read_drafts


class MissingProcess(LookupError):
    """No file defines the process of a scenario."""


def read_folders(folders: Iterable[Path]) -> dict[str, bytes]:
    """All definition files in these folders, by path."""
    return {
        str(file): file.read_bytes()
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix.lower() in KINDS
    }


def needed(process: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that a process stands on. Where two define one thing the later counts. Raises MissingProcess."""
    drafts = {draft.identity: draft for name, content in files.items() for draft in _drafts(name, content)}
    if f"bpmn:{process}" not in drafts:
        raise MissingProcess(_("no file defines the process %(key)s", key=process))
    waiting, found = [f"bpmn:{process}"], dict[str, bytes]()
    while waiting:
        draft = drafts.get(waiting.pop())
        if draft is not None and draft.resource not in found:
            found[draft.resource] = draft.content
            waiting += [one for inner in _drafts(draft.resource, draft.content) for one in inner.names]
    return found


def _drafts(name: str, content: bytes) -> list[Draft]:
    """What a file defines; nothing for one that cannot be read, which is for lint to say."""
    try:
        return read_drafts(name, content)
    except ValueError:
        return []
