"""The list of what is said, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.prompts import rendering
from app.telephony.prompts.library import recordings_in_force
from app.telephony.prompts.models import PromptRecording
from app.telephony.prompts.texts import SAY, texts
from app.telephony.speech import LANGUAGES

PAGE = 40


@dataclass(frozen=True, slots=True)
class Said:
    """A key in one language. `source` is `recorded`, `rendered` or `missing`; `stale`: recorded for another text."""

    language: str
    text: str
    source: str
    stale: bool
    seconds: float
    at: datetime | None
    by: str

    def plain(self) -> dict[str, str | bool]:
        """For machines."""
        return {"language": self.language, "text": self.text, "source": self.source, "stale": self.stale}


@dataclass(frozen=True, slots=True)
class PromptRow:
    key: str
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class PromptPage:
    rows: Sequence[PromptRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many texts there are, and how many of them have a file."""

    total: int
    ready: int
    recorded: int

    @property
    def percent(self) -> int:
        return self.ready * 100 // self.total if self.total else 100


def listed(*, text: str = "", group: str = "prompts", state: str = "", page: int = 1) -> PromptPage:
    """Keys of `prompts` or `say` (numbers) whose key or words hold `text`, in the order of the file."""
    wanted = [row for row in _rows(group) if _matches(row, text.strip().lower(), state)]
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, page), pages)
    return PromptPage(wanted[(page - 1) * PAGE : page * PAGE], len(wanted), page, pages)


def row_of(key: str) -> PromptRow | None:
    """One key; None where there is no such."""
    own = {language: texts(language) for language in LANGUAGES}
    return _row(key, own, recordings_in_force()) if any(key in said for said in own.values()) else None


def every_row() -> list[PromptRow]:
    """All prompts, then all recordings of numbers."""
    return [*_rows("prompts"), *_rows("say")]


def progress() -> Progress:
    """Of both languages together."""
    rows = [said for row in every_row() for said in row.said]
    ready = [said for said in rows if said.source != "missing"]
    return Progress(len(rows), len(ready), sum(said.source == "recorded" for said in rows))


def history(key: str, *, limit: int = 20) -> list[PromptRecording]:
    """Who recorded and took back, newest first."""
    query = (
        sa.select(PromptRecording).where(PromptRecording.key == key).order_by(PromptRecording.id.desc()).limit(limit)
    )
    return list(session.scalars(query))


def _rows(group: str) -> list[PromptRow]:
    own = {language: texts(language) for language in LANGUAGES}
    keys = dict.fromkeys(key for said in own.values() for key in said if key.startswith(SAY) == (group == "say"))
    recorded = recordings_in_force()
    return [_row(key, own, recorded) for key in keys]


Words = Mapping[str, Mapping[str, str]]


def _row(key: str, own: Words, recorded: dict[tuple[str, str], PromptRecording]) -> PromptRow:
    said = []
    for language in LANGUAGES:
        words = own[language]
        if key not in words:
            continue
        text = words[key]
        row = recorded.get((language, key))
        in_force = row is not None and not row.withdrawn
        ready = in_force or rendering.is_rendered(text, language, trim=key.startswith(SAY))
        said.append(
            Said(
                language=language,
                text=text,
                source="recorded" if in_force else "rendered" if ready else "missing",
                stale=in_force and row is not None and row.text != text,
                seconds=row.seconds if in_force and row is not None else 0.0,
                at=row.at if row is not None else None,
                by=row.by if row is not None else "",
            )
        )
    return PromptRow(key, tuple(said))


def _matches(row: PromptRow, text: str, state: str) -> bool:
    if state == "stale" and not any(said.stale for said in row.said):
        return False
    if state and state != "stale" and not any(said.source == state for said in row.said):
        return False
    return not text or text in row.key or any(text in said.text.lower() for said in row.said)
