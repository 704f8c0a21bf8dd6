"""Pieces of speech as one thing for FreeSWITCH to play, found once and kept for a while.

Finding may render (seconds) and asks the disk: it runs in a thread. What is known is played at once, and
looked at again in the background once it is old, so that a new recording is heard within seconds.
"""

from __future__ import annotations

import asyncio
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.telephony.esl import Injection, commands
from app.telephony.ivr.pieces import Piece
from app.telephony.line.workers import Workers

log = structlog.get_logger(__name__)

FRESH = 10.0
MOST = 4000
LIMIT = 8.0
"""Seconds a caller may wait in silence for words to be rendered."""

SILENCE = "silence_stream://10"

Find = Callable[[Iterable[Piece], str], list[Path]]
Said = tuple[tuple[Piece, ...], str]


@dataclass(frozen=True, slots=True)
class Sound:
    """What to play, and how long it lasts."""

    argument: str
    seconds: float


NOTHING = Sound("", 0.0)


class Saying:
    """Knows what to play for pieces in a language."""

    def __init__(self, find: Find, workers: Workers) -> None:
        self._find, self._workers = find, workers
        self._known: OrderedDict[Said, tuple[float, Sound]] = OrderedDict()
        self._looking: dict[Said, asyncio.Task[Sound]] = {}

    async def sound(self, pieces: tuple[Piece, ...], language: str) -> Sound:
        """What to play. Pieces that cannot be said are silence: the call goes on."""
        if not pieces:
            return NOTHING
        said = (pieces, language)
        known = self._known.get(said)
        if known is not None:
            self._known.move_to_end(said)
            if asyncio.get_running_loop().time() - known[0] > FRESH:
                self._look(said)
            return known[1]
        try:
            async with asyncio.timeout(LIMIT):
                return await asyncio.shield(self._look(said))
        except Exception as failed:
            log.error("nothing to play", error=repr(failed), language=language)
            return NOTHING

    def _look(self, said: Said) -> asyncio.Task[Sound]:
        if (running := self._looking.get(said)) is not None:
            return running
        task = asyncio.get_running_loop().create_task(self._found(said))
        self._looking[said] = task
        task.add_done_callback(lambda done: self._looked(said, done))
        return task

    def _looked(self, said: Said, task: asyncio.Task[Sound]) -> None:
        self._looking.pop(said, None)
        if not task.cancelled() and (failed := task.exception()) is not None:
            log.warning("speech could not be looked up", error=repr(failed))

    async def _found(self, said: Said) -> Sound:
        pieces, language = said
        sound = await self._workers.run("prompts", lambda: _sound(self._find(pieces, language)), seconds=30)
        self._known[said] = (asyncio.get_running_loop().time(), sound)
        self._known.move_to_end(said)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return sound


def _sound(paths: list[Path]) -> Sound:
    """One argument for all files; a name that FreeSWITCH would misread is left out."""
    names, length = [], 0.0
    for path in paths:
        try:
            commands.files([str(path)])
        except Injection:
            log.error("a recording's name cannot be played", name=path.name)
            continue
        names.append(str(path))
        length += seconds(path)
    return Sound(commands.files(names), length) if names else NOTHING


def seconds(path: Path) -> float:
    """How long a WAV file lasts; 0 where it is none."""
    try:
        with wave.open(str(path), "rb") as sound:
            return sound.getnframes() / (sound.getframerate() or 8000)
    except (OSError, EOFError, wave.Error):
        return 0.0
